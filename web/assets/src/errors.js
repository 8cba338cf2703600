// What the endpoint says of a failed query, in one line, and its place in the editor.

const marks = new WeakMap();

/** Take the mark of an earlier error away. */
export const unmark = (yasqe) => {
  marks.get(yasqe)?.clear();
  marks.delete(yasqe);
};

const mark = (yasqe, { line, column }) => {
  unmark(yasqe);
  const text = yasqe.getDoc().getLine(line - 1);
  if (text === undefined) return;
  // The endpoint counts code points, the editor UTF-16 units.
  const ch = [...text].slice(0, column - 1).join("").length;
  const rest = /^\S*/.exec(text.slice(ch))[0];
  const end = { line: line - 1, ch: ch + Math.max(rest.length, 1) };
  marks.set(yasqe, yasqe.getDoc().markText({ line: line - 1, ch }, end, { className: "fault" }));
  yasqe.scrollIntoView({ line: line - 1, ch });
};

const sentence = (words) => words.charAt(0).toUpperCase() + words.slice(1);

/** Have the errors of a tab told as those of the plain form are. */
export const addErrors = (tab) => {
  tab.getYasr().config.errorRenderers = [
    async ({ text }) => {
      let error;
      try {
        ({ error } = JSON.parse(text));
      } catch {
        error = undefined; // no answer of ours: the connection failed, or a proxy answered
      }
      const told = document.createElement("p");
      told.className = "problem";
      told.setAttribute("role", "alert");
      told.textContent = error
        ? `${sentence(error.cause)}; ${error.remedy}.`
        : `The endpoint did not answer (${text || "no connection"}); check the connection and try again.`;
      if (error?.line) mark(tab.getYasqe(), error);
      return told;
    },
  ];
};
