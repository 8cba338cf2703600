// A result as a table: links lead to our own pages, columns sort, rows are filtered, long results come in pages.
// YASGUI's own table writes style elements into the page, which the policy of the site forbids.
import { leadsTo } from "./links.js";

const PAGE = 100;
const NUMBERS = /#(?:integer|decimal|double|float|int|long|nonNegativeInteger|positiveInteger)$/;

const element = (name, properties = {}, ...children) => {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
};

const shorten = (iri, prefixes) => {
  for (const [prefix, namespace] of Object.entries(prefixes)) {
    if (namespace && iri.startsWith(namespace) && iri.length > namespace.length) {
      return `${prefix}:${iri.slice(namespace.length)}`;
    }
  }
  return iri;
};

const cell = (term, prefixes) => {
  if (!term) return "";
  if (term.type === "uri") {
    const href = leadsTo(term.value);
    const isOurs = href !== undefined && href !== term.value;
    const text = isOurs && href.includes("/id/") ? href.slice(href.indexOf("/id/") + 4) : shorten(term.value, prefixes);
    return href ? element("a", { href, title: term.value, rel: isOurs ? "" : "noopener noreferrer" }, text) : text;
  }
  if (term.type === "bnode") return `_:${term.value}`;
  if (typeof term.value !== "string") return JSON.stringify(term.value);
  const note = term["xml:lang"] ?? (term.datatype && shorten(term.datatype, prefixes)) ?? "";
  return element("span", { title: note }, term.value);
};

const compare = (column) => (one, other) => {
  const [a, b] = [one[column], other[column]];
  if (!a || !b) return (b ? 1 : 0) - (a ? 1 : 0);
  if (NUMBERS.test(a.datatype) && NUMBERS.test(b.datatype)) return Number(a.value) - Number(b.value);
  return String(a.value).localeCompare(String(b.value));
};

/** The rows as they were sent: YASGUI's own reader takes {{…}} in a literal for a template. */
const rowsOf = (results) => {
  if (!results.getContentType()?.startsWith("application/sparql-results+json")) return results.getBindings() ?? [];
  return JSON.parse(results.getOriginalResponseAsString()).results.bindings;
};

export class Table {
  priority = 10;
  label = "Table";

  constructor(yasr) {
    this.yasr = yasr;
  }

  canHandleResults() {
    return Boolean(this.yasr.results?.getVariables()?.length);
  }

  getIcon() {
    return undefined;
  }

  draw() {
    this.columns = this.yasr.results.getVariables();
    this.rows = rowsOf(this.yasr.results);
    this.sorted = { column: undefined, down: false };
    this.first = 0;
    this.words = element("input", { type: "search", className: "filter", autocomplete: "off" });
    this.words.addEventListener("input", () => this.fill(0));
    this.heads = this.columns.map((column) => {
      const button = element("button", { type: "button" }, column);
      button.addEventListener("click", () => this.sort(column));
      return element("th", { scope: "col" }, button);
    });
    this.body = element("tbody");
    this.count = element("p", { className: "meta" });
    this.count.setAttribute("role", "status");
    const before = element("button", { type: "button", className: "before" }, "Earlier rows");
    const after = element("button", { type: "button", className: "after" }, "Further rows");
    before.addEventListener("click", () => this.fill(this.first - PAGE));
    after.addEventListener("click", () => this.fill(this.first + PAGE));
    this.pager = element("p", { className: "rows" }, before, " ", after);
    const table = element("table", {}, element("thead", {}, element("tr", {}, ...this.heads)), this.body);
    const scroll = element("div", { className: "scroll", tabIndex: 0, role: "region", ariaLabel: "Result" }, table);
    const filter = element("label", { className: "filter" }, "Only rows with ", this.words);
    this.yasr.resultsEl.replaceChildren(...(this.rows.length > 1 ? [filter] : []), this.count, scroll, this.pager);
    this.fill(0);
  }

  sort(column) {
    this.sorted = { column, down: this.sorted.column === column && !this.sorted.down };
    this.heads.forEach((head, n) => {
      if (this.columns[n] === column) head.ariaSort = this.sorted.down ? "descending" : "ascending";
      else head.removeAttribute("aria-sort");
    });
    this.fill(0);
  }

  fill(first) {
    const { column, down } = this.sorted;
    const wanted = this.words.value.toLowerCase().split(/\s+/).filter(Boolean);
    const holds = (row) => {
      const all = Object.values(row).map((term) => String(term?.value ?? "")).join(" ").toLowerCase();
      return wanted.every((word) => all.includes(word));
    };
    const rows = wanted.length ? this.rows.filter(holds) : [...this.rows];
    if (column !== undefined) rows.sort((a, b) => (down ? -1 : 1) * compare(column)(a, b));
    const prefixes = this.yasr.getPrefixes();
    this.first = first;
    const shown = rows.slice(first, first + PAGE);
    this.body.replaceChildren(
      ...shown.map((row) => element("tr", {}, ...this.columns.map((name) => element("td", {}, cell(row[name], prefixes))))),
    );
    const total = this.rows.length;
    const part = rows.length === total ? "" : `, ${rows.length.toLocaleString("en")} of them with these words`;
    const range = rows.length > PAGE ? `; rows ${first + 1} to ${first + shown.length}` : "";
    this.count.textContent = `${total.toLocaleString("en")} row${total === 1 ? "" : "s"}${part}${range}.`;
    this.pager.hidden = rows.length <= PAGE;
    this.pager.querySelector(".before").disabled = first === 0;
    this.pager.querySelector(".after").disabled = first + PAGE >= rows.length;
  }
}
