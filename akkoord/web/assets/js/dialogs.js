// Side panels and questions. Without this file the page behind the link does the same work.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) {
    event.preventDefault();
    document.getElementById(opener.dataset.opens)?.showModal();
    return;
  }
  const dialog = event.target.closest("dialog");
  if (!dialog) return;
  // A click on the veil lands on the dialog itself; only panels close by it, questions do not.
  if (event.target.closest("[data-closes]") || (event.target === dialog && dialog.matches(".panel"))) {
    dialog.close();
  }
});

// What htmx brings into the shared panel opens it.
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target?.id === "panel-body") {
    const panel = document.getElementById("panel");
    if (!panel.open) panel.showModal();
  }
});

// Chosen in the narrow look: the menu closes itself when the page becomes wide.
matchMedia("(min-width: 900px)").addEventListener("change", (wide) => {
  const nav = document.getElementById("nav");
  if (wide.matches && nav?.matches(":popover-open")) nav.hidePopover();
});
