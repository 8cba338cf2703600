// Rows that have dates in order of time. The server draws them, as it does for the plain form.
import { withParameters } from "./links.js";

const DATES = /(?:XMLSchema#(?:date|dateTime|dateTimeStamp|gYear|gYearMonth)|datatypes\/edtf)$/;

/** Which query the results of a YASR answer; set by the page. */
export const queryOf = new WeakMap();

export class Timeline {
  priority = 5;
  label = "Timeline";

  constructor(yasr) {
    this.yasr = yasr;
  }

  canHandleResults() {
    // A graph has no columns of which one could be the time.
    if (this.yasr.results?.getContentType()?.startsWith("text/turtle")) return false;
    const rows = this.yasr.results?.getBindings() ?? [];
    return rows.some((row) => Object.values(row).some((term) => term?.datatype && DATES.test(term.datatype)));
  }

  getIcon() {
    return undefined;
  }

  async draw() {
    const into = this.yasr.resultsEl;
    into.replaceChildren("Drawing the timeline …");
    const query = queryOf.get(this.yasr)?.();
    const body = new URLSearchParams({ query, format: "html", view: "timeline" });
    const response = await fetch(withParameters({}), { method: "POST", body });
    const answer = new DOMParser().parseFromString(await response.text(), "text/html");
    const line = answer.querySelector("section.result .timeline-view");
    if (!line) {
      into.replaceChildren("No row has a date that can be drawn.");
      return;
    }
    into.replaceChildren(...document.importNode(line, true).childNodes);
    const band = into.querySelector("#band");
    if (band) dispatchEvent(new CustomEvent("parley:band", { detail: band }));
  }
}
