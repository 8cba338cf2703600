// The result in each format that the endpoint offers.
import { withParameters } from "./links.js";
import { page } from "./page.js";

/** List downloads under the results of a tab. */
export const addDownloads = (tab) => {
  const yasr = tab.getYasr();
  const list = document.createElement("p");
  list.className = "downloads";
  yasr.rootEl.append(list);
  yasr.on("drawn", () => {
    list.replaceChildren();
    const query = tab.getPersistedJson().asked;
    if (!yasr.results || yasr.results.hasError() || !query) return;
    const isGraph = yasr.results.getContentType()?.startsWith("text/turtle");
    list.append("Take it as ");
    for (const [name, label, extension] of page.formats[isGraph ? "graphs" : "bindings"]) {
      const link = document.createElement("a");
      link.href = withParameters({ query, format: name });
      link.download = `result.${extension}`;
      link.textContent = label;
      if (list.children.length) list.append(", ");
      list.append(link);
    }
    list.append(".");
  });
};
