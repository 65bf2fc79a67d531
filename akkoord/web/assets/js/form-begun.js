// Says once that somebody began to fill in a form: no cookie, nothing of what is typed.
const form = document.querySelector("main form");
if (form) {
  form.addEventListener("focusin", () => {
    navigator.sendBeacon(`${location.pathname}begonnen/`);
  }, { once: true });
}
