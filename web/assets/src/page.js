// What the page says of itself: where the endpoint is, what links lead where, which formats there are.
const root = document.getElementById("yasgui");
const { endpoint, terms, names, links, bindings, graphs } = JSON.parse(root.dataset.page);

// What else the address asks for (generation, graphs) goes with each query.
const further = new URLSearchParams(location.search);
for (const name of ["query", "format", "output", "view"]) further.delete(name);
const kept = [...further].length ? `?${further}` : "";

export const page = {
  root,
  form: document.querySelector("form.sparql"),
  endpoint: new URL(endpoint + kept, location.href).href,
  kept: further,
  terms: terms + kept,
  names,
  links,
  formats: { bindings, graphs },
};
