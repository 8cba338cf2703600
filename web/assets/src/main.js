// The SPARQL page with YASGUI in place of the plain form: tabs, completion, results as a table or on a timeline.
import Yasgui from "@zazuko/yasgui";
import "@zazuko/yasgui/build/yasgui.min.css";
import "./parley.css";
import { addCompleters } from "./completers.js";
import { addDownloads } from "./downloads.js";
import { addErrors, unmark } from "./errors.js";
import { asked, permalink } from "./links.js";
import { page } from "./page.js";
import { knowPrefixes, readAnew } from "./prefixes.js";
import { Table } from "./table.js";
import { queryOf, Timeline } from "./timeline.js";

const PLAIN = "parley plain form";
const { Tab, Yasqe, Yasr } = Yasgui;
const linkTo = (tab) => permalink(tab.getYasqe().getValue(), tab.getYasr()?.getSelectedPluginName());

// The endpoint is ours and cannot be chosen, results are downloaded from the server, and no page of others is linked to.
Tab.prototype.initEndpointSelectField = () => {};
Tab.prototype.initTabSettingsMenu = () => {};
Yasr.prototype.drawDownloadIcon = () => {};
Yasr.prototype.drawDocumentationButton = () => {};
Yasr.prototype.updateHelpButton = () => {};
Tab.prototype.getShareableLink = function () {
  return linkTo(this);
};

Yasr.registerPlugin("table", Table);
Yasr.registerPlugin("timeline", Timeline);
Yasr.defaults.pluginOrder = ["table", "timeline", "response"];
addCompleters(Yasqe);
knowPrefixes(Yasqe);

const { initYasr } = Tab.prototype;
Tab.prototype.initYasr = function () {
  initYasr.call(this);
  const yasr = this.getYasr();
  queryOf.set(yasr, () => this.getPersistedJson().asked ?? this.getYasqe().getValue());
  addErrors(this);
  addDownloads(this);
  yasr.on("change", () => keepAddress(this));
  readAnew(this.getYasqe()).catch(() => {}); // then they only look undefined
  const field = this.getYasqe().getInputField();
  field.setAttribute("aria-label", "Query; Escape leaves the editor");
};

/** Keep the page's address that of what is shown, so that it can be kept, sent and loaded again. */
const keepAddress = (tab) => {
  if (page.root.hidden || tab !== yasgui.getTab()) return;
  history.replaceState(null, "", tab.getPersistedJson().asked ? linkTo(tab) : page.endpoint);
};

const wanted = asked();
const example = page.form.elements.query.value;
const yasgui = new Yasgui(page.root, {
  persistenceId: `parley ${new URL(page.endpoint).pathname}`,
  populateFromUrl: false,
  autoAddOnInit: false,
  autofocus: false,
  copyEndpointOnNewTab: false,
  endpointCatalogueOptions: { getData: () => [], keys: [] },
  requestConfig: {
    endpoint: () => page.endpoint,
    method: () => "POST",
    acceptHeaderSelect: () => "application/sparql-results+json,application/json;q=0.5",
    acceptHeaderGraph: () => "text/turtle,application/json;q=0.5",
  },
  yasqe: { value: wanted.query ? "" : example, editorHeight: "20rem" },
});

yasgui.on("query", (_, tab) => {
  unmark(tab.getYasqe());
  tab.getPersistedJson().asked = tab.getYasqe().getValue();
  keepAddress(tab);
});
yasgui.on("tabSelect", (_, id) => keepAddress(yasgui.getTab(id)));

const open = () => {
  if (wanted.query) {
    const same = Object.values(yasgui._tabs).find((tab) => tab.getPersistedJson().yasqe.value === wanted.query);
    const settings = { selectedPlugin: wanted.view, pluginsConfig: {} };
    const tab = same ?? yasgui.addTab(true, { yasqe: { value: wanted.query }, yasr: { settings } });
    if (same) {
      yasgui.selectTabId(same.getId());
      same.show();
      same.getYasr().selectPlugin(wanted.view);
    }
    tab.query().catch(() => {}); // what fails is shown
  } else if (!Object.keys(yasgui._tabs).length) {
    yasgui.addTab(true, { yasqe: { value: example } });
  }
};

// The result that came with the page is shown by the editor, too: the ids of both must not be there twice.
const parts = [...document.querySelectorAll("section.result, section.error")].map((part) => [part, new Comment()]);

/** Show the editor or the plain form, and remember which. */
const choose = (plain) => {
  page.root.hidden = plain;
  page.form.hidden = !plain;
  for (const [part, mark] of parts) {
    if (plain) mark.replaceWith(part);
    else part.replaceWith(mark);
  }
  button.textContent = plain ? "Use the editor" : "Use the plain form";
  try {
    if (plain) localStorage.setItem(PLAIN, "1");
    else localStorage.removeItem(PLAIN);
  } catch {
    // Where nothing may be stored, the choice holds for this page only.
  }
};

const button = document.createElement("button");
button.type = "button";
button.className = "switch-editor";
let opened = false;
button.addEventListener("click", () => show(!page.root.hidden));
const show = (plain) => {
  choose(plain);
  if (plain) return;
  if (!opened) open();
  else yasgui.getTab()?.show();
  opened = true;
};
page.root.before(button);
let plainAtFirst = false;
try {
  plainAtFirst = localStorage.getItem(PLAIN) === "1";
} catch {
  // The same.
}
show(plainAtFirst);
