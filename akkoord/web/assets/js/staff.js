// The staff pages' bundle: htmx for live parts, Alpine (CSP build) for sprinkles, and the little
// behaviour that the components need. Everything works on delegated events, so that parts which
// htmx brings in later work too.
import htmx from "htmx.org";
import Alpine from "@alpinejs/csp";
import "./theme-choice.js";
import "./hints.js";
import "./dialogs.js";
import "./tables.js";
import "./copying.js";

window.htmx = htmx;
window.Alpine = Alpine;
document.addEventListener("DOMContentLoaded", () => Alpine.start());

// "/" goes to the search on top, as its hint says.
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
  const search = document.getElementById("top-q");
  if (event.key !== "/" || typing || !search || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  search.focus();
});

// Menus close when somebody goes elsewhere.
const closeMenus = (except) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (menu !== except) menu.open = false;
  }
};
document.addEventListener("click", (event) => closeMenus(event.target.closest("details.menu")));
document.addEventListener("focusin", (event) => closeMenus(event.target.closest("details.menu")));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = event.target.closest?.("details.menu[open]");
  closeMenus();
  menu?.querySelector("summary").focus();
});
