// The endpoint knows our prefixes whether a query declares them or not: the editor does not call them undefined.
import { terms } from "./completers.js";

const known = {};

/** Have each editor that is made from now on begin a query with our prefixes known, as soon as they are there. */
export const knowPrefixes = (Yasqe) => {
  const make = Yasqe.modes.sparql11;
  Yasqe.defineMode("sparql11", (...given) => {
    const mode = make(...given);
    const { startState } = mode;
    mode.startState = () => ({ ...startState(), prefixes: { ...known } });
    return mode;
  });
  // Completion still declares what it uses, so that the query can be taken to other endpoints.
  const { getPrefixesFromQuery } = Yasqe.prototype;
  Yasqe.prototype.getPrefixesFromQuery = function () {
    const text = this.getValue();
    const isDeclared = ([prefix]) => new RegExp(`\\bPREFIX\\s+${prefix}:`, "i").test(text);
    return Object.fromEntries(Object.entries(getPrefixesFromQuery.call(this)).filter(isDeclared));
  };
};

/** Read a query anew with our prefixes. */
export const readAnew = async (yasqe) => {
  Object.assign(known, (await terms()).prefixes);
  yasqe.setOption("mode", yasqe.getOption("mode"));
  yasqe.checkSyntax();
};
