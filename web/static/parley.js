// What makes the timeline handier. Every page works without this file.
"use strict";

// On a wide screen there is room for all facets.
if (matchMedia("(min-width: 60rem)").matches) {
  for (const facet of document.querySelectorAll("details.facet")) facet.open = true;
}

// Empty fields stay out of the address.
for (const form of document.querySelectorAll("form.filters, form.find")) {
  form.addEventListener("submit", () => {
    for (const field of form.elements) {
      if (field.name && (field.value === "" || (field.name === "sort" && field.value === "asc"))) field.disabled = true;
    }
  });
  // Coming back from the next page restores the form as it was sent.
  addEventListener("pageshow", () => {
    for (const field of form.elements) field.disabled = false;
  });
}

// The band by keyboard: one stop for Tab, arrows within.
const arrows = (band) => {
  const bars = [...band.querySelectorAll("a")];
  band.setAttribute("role", "group");
  for (const bar of bars) bar.setAttribute("aria-label", bar.querySelector("title").textContent);
  bars.sort((a, b) => parseFloat(a.querySelector("rect").getAttribute("x")) - parseFloat(b.querySelector("rect").getAttribute("x")));
  const go = (to) => {
    for (const bar of bars) bar.setAttribute("tabindex", bar === to ? "0" : "-1");
  };
  go(bars[0]);
  band.addEventListener("keydown", (event) => {
    const at = bars.indexOf(document.activeElement);
    const steps = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: bars.length - 1 };
    const next = bars[steps[event.key]];
    if (at < 0 || !next || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    go(next);
    next.focus();
  });
};
const band = document.getElementById("band");
if (band) arrows(band);
// The editor of the SPARQL page puts a band into the page later.
addEventListener("parley:band", (event) => arrows(event.detail));
