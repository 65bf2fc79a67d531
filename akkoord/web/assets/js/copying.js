document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  const source = button && document.getElementById(button.dataset.copy);
  if (!source) return;
  try {
    await navigator.clipboard.writeText(source.textContent.trim());
  } catch {
    getSelection().selectAllChildren(source); // not allowed here: chosen, so that Ctrl+C does it
    return;
  }
  const word = button.querySelector("span");
  const before = word?.textContent;
  if (word) word.textContent = button.dataset.copied;
  else button.setAttribute("title", button.dataset.copied);
  setTimeout(() => { if (word) word.textContent = before; }, 2000);
});
