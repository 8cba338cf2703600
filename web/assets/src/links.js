// Addresses: of things in results, of answers in other formats, of a query with its view.
import { page } from "./page.js";

// Longer ones are refused by servers on the way; what stands behind # is not sent at all.
const LONGEST = 4000;

/** The address that an IRI leads to; undefined if it is none to follow. Things of this dataset have pages here. */
export const leadsTo = (iri) => {
  for (const [start, path] of page.links) if (iri.startsWith(start)) return path + iri.slice(start.length);
  return /^https?:\/\/[^/\s]/.test(iri) ? iri : undefined;
};

/** The endpoint's address with these parameters. */
export const withParameters = (parameters) => {
  const url = new URL(page.endpoint);
  for (const [name, value] of Object.entries(parameters)) if (value) url.searchParams.set(name, value);
  return url;
};

/** The address of a query and its view: that of the plain form, too, unless it is too long to be sent. */
export const permalink = (query, view) => {
  const shown = { query, view: view === "timeline" ? view : undefined };
  const url = withParameters(shown);
  if (url.href.length <= LONGEST) return url.href;
  const hidden = new URL(page.endpoint);
  hidden.hash = withParameters(shown).searchParams;
  return hidden.href;
};

/** The query and the view that the page's own address asks for. */
export const asked = () => {
  const behind = new URLSearchParams(location.hash.slice(1));
  const parameters = behind.has("query") ? behind : new URLSearchParams(location.search);
  return { query: parameters.get("query"), view: parameters.get("view") === "timeline" ? "timeline" : "table" };
};
