// What makes the timeline handier. Every page works without this file.
"use strict";

// On a wide screen there is room for all facets.
if (matchMedia("(min-width: 60rem)").matches) {
  for (const part of document.querySelectorAll("details.more, details.facet")) part.open = true;
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
// Other days: keys in the band follow the links below it; dragging across it chooses a range.
const explore = (band) => {
  const [left, right] = [Date.parse(band.dataset.left), Date.parse(band.dataset.right) + 864e5];
  const hint = document.querySelector(".keys");
  if (hint) hint.hidden = false;
  // Who came by such a key goes on from where they were. No element has this name: the browser would take the focus away.
  if (location.hash === "#drawing") band.querySelector('a[tabindex="0"]').focus({ preventScroll: true });
  const keys = { "+": "closer", "=": "closer", "-": "wider", PageUp: "earlier", PageDown: "later" };
  band.addEventListener("keydown", (event) => {
    const link = document.querySelector(`[data-zoom="${keys[event.key]}"]`);
    if (!link || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    location.assign(`${link.href}#drawing`);
  });
  let from = null;
  let box = null;
  const share = (event) => {
    const area = band.getBoundingClientRect();
    return Math.min(1, Math.max(0, (event.clientX - area.left) / area.width));
  };
  const day = (at) => new Date(Math.min(left + at * (right - left), right - 1)).toISOString().slice(0, 10);
  const stop = () => {
    if (box) box.remove();
    from = box = null;
  };
  band.addEventListener("dragstart", (event) => event.preventDefault());
  band.addEventListener("pointerdown", (event) => {
    if (event.button === 0) from = share(event);
  });
  band.addEventListener("pointermove", (event) => {
    if (from === null || (!box && Math.abs(share(event) - from) < 0.01)) return;
    if (!box) {
      box = document.createElementNS("http://www.w3.org/2000/svg", "rect");
      box.setAttribute("class", "brush");
      box.setAttribute("height", "100%");
      band.append(box);
      band.setPointerCapture(event.pointerId);
    }
    box.setAttribute("x", `${100 * Math.min(from, share(event))}%`);
    box.setAttribute("width", `${100 * Math.abs(from - share(event))}%`);
  });
  band.addEventListener("pointerup", (event) => {
    if (box) {
      const [first, last] = [from, share(event)].sort((a, b) => a - b);
      const to = new URL(band.dataset.brush, location.href);
      to.searchParams.set("from", day(first));
      to.searchParams.set("to", day(last));
      to.hash = "drawing";
      location.assign(to);
    }
    stop();
  });
  for (const end of ["pointercancel", "lostpointercapture"]) band.addEventListener(end, stop);
  addEventListener("keydown", (event) => event.key === "Escape" && stop());
};
const band = document.getElementById("band");
if (band) arrows(band);
if (band && band.dataset.brush) explore(band);
// The editor of the SPARQL page puts a band into the page later.
addEventListener("parley:band", (event) => arrows(event.detail));
