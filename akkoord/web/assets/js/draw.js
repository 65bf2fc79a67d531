// The page around the canvas: keeps what the canvas tells, and shows the letter as it arrives.
const page = document.getElementById("draw");
const canvas = document.getElementById("canvas");
const look = document.getElementById("look");
const form = document.getElementById("drawn");
const wide = matchMedia("(min-width: 1024px)");

// On a narrow screen nothing of it is fetched: there the list of blocks is offered.
const open = () => {
  if (wide.matches && !canvas.getAttribute("src")) canvas.src = page.dataset.canvas;
};
wide.addEventListener("change", open);
open();

window.addEventListener("message", (event) => {
  if (event.origin !== location.origin || event.source !== canvas.contentWindow) return;
  if (typeof event.data?.drawn !== "string") return;
  form.elements.body.value = event.data.drawn;
  window.htmx.trigger(form, "drawn");
});

document.addEventListener("letterKept", (event) => {
  page.dataset.version = event.detail.version;
  for (const field of document.querySelectorAll("input[name=version]")) {
    field.value = event.detail.version;
  }
  refresh();
});
document.addEventListener("htmx:sendError", () => {
  document.getElementById("letter-state").textContent = page.dataset.offline;
});
// With the first stroke it is a drawing: going back to the blocks asks first from then on.
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.elt !== form || !event.detail.xhr.getResponseHeader("HX-Trigger")) return;
  for (const each of document.querySelectorAll("[data-until-drawn]")) each.hidden = true;
  for (const each of document.querySelectorAll("[data-once-drawn]")) each.hidden = false;
});
window.addEventListener("beforeunload", (event) => {
  if (page.querySelector(".htmx-request")) event.preventDefault();
});

const refresh = () => {
  if (document.getElementById("look-part").hidden) return;
  look.src = `${page.dataset.preview}?als=niemand&licht=${page.dataset.light}&v=${page.dataset.version}`;
};
document.addEventListener("click", (event) => {
  const choice = event.target.closest("[data-look], [data-shows]");
  if (!choice) return;
  for (const each of choice.parentElement.querySelectorAll("button")) {
    each.setAttribute("aria-pressed", String(each === choice));
  }
  if (choice.dataset.shows) {
    canvas.hidden = choice.dataset.shows !== "canvas";
    document.getElementById("look-part").hidden = choice.dataset.shows !== "look";
  } else {
    page.dataset[choice.dataset.look] = choice.value;
    look.parentElement.className = `look-frame look-${page.dataset.screen}`;
  }
  refresh();
});
