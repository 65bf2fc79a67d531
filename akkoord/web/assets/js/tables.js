// The bar for chosen rows: shown when there are any, with their number.
function refresh(form) {
  const boxes = [...form.querySelectorAll('input[name="chosen"]')];
  const chosen = boxes.filter((box) => box.checked).length;
  const bar = form.querySelector("[data-bulk]");
  if (bar) {
    bar.hidden = chosen === 0;
    bar.querySelector("[data-bulk-count]").textContent = chosen;
  }
  const all = form.querySelector("[data-choose-all]");
  if (all) {
    all.checked = chosen > 0 && chosen === boxes.length;
    all.indeterminate = chosen > 0 && chosen < boxes.length;
  }
}

const refreshAll = () => {
  for (const bar of document.querySelectorAll("[data-bulk]")) if (bar.closest("form")) refresh(bar.closest("form"));
};

document.addEventListener("change", (event) => {
  const form = event.target.closest("form");
  if (!form?.querySelector("[data-bulk]")) return;
  if (event.target.matches("[data-choose-all]")) {
    for (const box of form.querySelectorAll('input[name="chosen"]')) box.checked = event.target.checked;
  }
  refresh(form);
});
document.addEventListener("DOMContentLoaded", refreshAll);
document.addEventListener("htmx:afterSettle", refreshAll);
