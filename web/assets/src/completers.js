// Completion from our own prefixes, terms and names. Nothing is asked of any other host.
import { page } from "./page.js";

let fetched;
/** Our prefixes and terms, asked for once. */
export const terms = () => (fetched ??= fetch(page.terms).then((response) => response.json()));
const shown = new Map();

const curie = (iri, prefixes) => {
  for (const [prefix, namespace] of Object.entries(prefixes)) {
    const local = iri.slice(namespace.length);
    if (iri.startsWith(namespace) && /^\w[\w-]*$/.test(local)) return `${prefix}:${local}`;
  }
  return `<${iri}>`;
};

/** The terms that begin as it was typed; where none does, those that have it in their name or label. */
const matching = (items, token) => {
  const typed = token.autocompletionString ?? "";
  const starting = items.filter(({ iri }) => iri.startsWith(typed) && iri !== typed);
  if (starting.length || !token.namespace) return starting;
  const word = typed.slice(token.namespace.length).toLowerCase();
  const inNamespace = items.filter(({ iri }) => iri.startsWith(token.namespace));
  return inNamespace.filter(({ iri, label }) => `${iri.slice(token.namespace.length)} ${label}`.toLowerCase().includes(word));
};

const labelled = (_, hints) => {
  for (const hint of hints) {
    const label = shown.get(hint.text);
    if (label) hint.displayText = `${hint.text}  ${label}`;
  }
  return hints;
};

/** Tell the place of the cursor: at a predicate, at a class after "a", or at another object or subject. */
const place = (yasqe) => {
  const token = yasqe.getCompleteToken();
  if (!/^(?:[\w-]*:|<\w+:)/.test(token.string)) return undefined;
  if (token.state.possibleCurrent.includes("a")) return "property";
  const { line } = yasqe.getDoc().getCursor();
  const before = yasqe.getPreviousNonWsToken(line, token);
  if (before.string.toUpperCase() === "PREFIX") return undefined;
  return ["a", "rdf:type", "rdfs:domain", "rdfs:range"].includes(before.state.lastProperty) ? "class" : "thing";
};

export const addCompleters = (Yasqe) => {
  const completers = Yasqe.Autocompleters;
  const { preProcessToken } = completers.property;

  const ofTerms = (name, group, isHere) => ({
    name,
    bulk: false,
    autoShow: true,
    isValidCompletionPosition: isHere,
    preProcessToken: (yasqe, token) => preProcessToken(yasqe, token),
    get: async (yasqe, token) => {
      const { prefixes, ...groups } = await terms();
      const known = { ...prefixes, ...yasqe.getPrefixesFromQuery() };
      const [, prefix, local] = /^([\w-]*):(.*)$/.exec(token.string) ?? [];
      // The endpoint knows our prefixes whether the query declares them or not.
      token.namespace = known[prefix];
      if (token.namespace) token.autocompletionString = token.namespace + local;
      return matching(groups[group], token).map((item) => {
        const text = curie(item.iri, known);
        if (item.label) shown.set(text, item.label);
        return text;
      });
    },
    postProcessSuggestion: (_yasqe, _token, text) => text,
    postprocessHints: labelled,
  });

  const names = {
    name: "names",
    bulk: false,
    autoShow: true,
    // A name is typed where an IRI goes: <ana petrova, with - or _ for a space.
    isValidCompletionPosition: (yasqe) => /^<[^:>]+$/.test(yasqe.getCompleteToken().string),
    preProcessToken: (_, token) => token,
    get: async (_, token) => {
      const url = new URL(page.names, location.href);
      for (const [name, value] of page.kept) url.searchParams.append(name, value);
      url.searchParams.set("q", token.string.slice(1).replace(/[-_]+/g, " "));
      const response = await fetch(url);
      if (!response.ok) return [];
      const found = (await response.json()).names;
      for (const { iri, name, kind } of found) shown.set(`<${iri}>`, `${name} (${kind})`);
      return found.map(({ iri }) => `<${iri}>`);
    },
    postProcessSuggestion: (_yasqe, _token, text) => text,
    postprocessHints: (_, hints) => {
      for (const hint of hints) hint.displayText = shown.get(hint.text) ?? hint.text;
      return hints;
    },
  };

  completers.prefixes = {
    ...completers.prefixes,
    persistenceId: null,
    get: async () => Object.entries((await terms()).prefixes).map(([name, namespace]) => `${name}: <${namespace}>`),
  };
  completers.property = ofTerms("property", "properties", (yasqe) => place(yasqe) === "property");
  completers.class = ofTerms("class", "classes", (yasqe) => place(yasqe) === "class");
  completers.value = ofTerms("value", "values", (yasqe) => place(yasqe) === "thing");
  completers.names = names;
  Yasqe.defaults.autocompleters = ["prefixes", "variables", "property", "class", "value", "names"];
};
