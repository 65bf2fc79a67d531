// The tablet on the counter: back to an empty form when nobody touches it, and no way back to what
// the person before filled in.
const place = document.getElementById("counter");
const start = place.dataset.start;
const again = () => location.replace(start);

// A page that a browser kept in memory still holds what was typed.
addEventListener("pageshow", (event) => { if (event.persisted) again(); });
// A form that came back with its errors is a post; going back to it must not send it once more.
history.replaceState(null, "", start);

let timer;
const wait = () => {
  clearTimeout(timer);
  timer = setTimeout(again, Number(place.dataset.idle) * 1000);
};
for (const touch of ["pointerdown", "pointermove", "keydown", "input", "scroll", "touchstart"]) {
  addEventListener(touch, wait, { passive: true });
}
wait();

addEventListener("keydown", (event) => {
  if (event.key === "Escape" && place.dataset.leave) location.assign(place.dataset.leave);
});
