// The standing badge's reason: shown on hover and on focus; a click is the browser's own popover,
// which works without this file. It stays while the pointer is on it, and Escape closes it.
const GAP = 8;
let leaving;

const hintOf = (element) => {
  const badge = element.closest?.("[data-hint]");
  return badge && [badge, document.getElementById(badge.dataset.hint)];
};

function place(badge, hint) {
  const at = badge.getBoundingClientRect();
  const own = hint.getBoundingClientRect();
  const below = at.bottom + GAP + own.height < innerHeight || at.top < own.height + GAP;
  hint.style.top = `${below ? at.bottom + GAP : at.top - GAP - own.height}px`;
  hint.style.left = `${Math.max(12, Math.min(at.left, document.documentElement.clientWidth - own.width - 12))}px`;
}

function open(badge, hint) {
  clearTimeout(leaving);
  if (!hint.matches(":popover-open")) hint.showPopover();
}

document.addEventListener("toggle", (event) => {
  const hint = event.target;
  if (event.newState !== "open" || !hint.classList?.contains("hint")) return;
  const badge = document.querySelector(`[data-hint="${hint.id}"]`);
  if (badge) place(badge, hint);
}, true);

document.addEventListener("pointerover", (event) => {
  if (event.pointerType === "touch") return;
  if (event.target.closest?.(".hint")) return clearTimeout(leaving);
  const found = hintOf(event.target);
  if (found?.[1]) open(...found);
});

document.addEventListener("pointerout", (event) => {
  if (event.pointerType === "touch") return;
  const hint = hintOf(event.target)?.[1] ?? event.target.closest?.(".hint");
  if (!hint || hint.contains(document.activeElement)) return;
  clearTimeout(leaving);
  leaving = setTimeout(() => { if (hint.matches(":popover-open")) hint.hidePopover(); }, 200);
});

document.addEventListener("focusin", (event) => {
  const found = hintOf(event.target);
  if (found?.[1] && event.target.matches(":focus-visible")) open(...found);
});

// A click on a badge whose reason hover has opened would close it again: keep it open.
document.addEventListener("click", (event) => {
  const found = hintOf(event.target);
  if (!found?.[1]) return;
  event.preventDefault();
  open(...found);
});
document.addEventListener("scroll", () => {
  for (const hint of document.querySelectorAll(".hint:popover-open")) hint.hidePopover();
}, { passive: true });
