// The pages for push messages. The browser's question comes only after a box was ticked and the
// button pressed; nothing is asked when the page opens. All words stand in the page.
const SCOPE = "/p/";
const KEPT = "akkoord-push";

const part = (name) => document.querySelector(`[data-push="${name}"]`);
const show = (name) => { const found = part(name); if (found) found.hidden = false; };
const word = (name) => document.querySelector(`[data-push-word="${name}"]`)?.textContent ?? "";
const fits = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

function complain(text) {
  const place = part("problem");
  const line = place.querySelector("span") ?? place.appendChild(document.createElement("span"));
  line.textContent = text;
  place.hidden = false;
  place.scrollIntoView({ block: "center" });
}

function bytes(text) {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

async function tell(url, values) {
  const answer = await fetch(url, {
    method: "POST",
    credentials: "same-origin",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(values),
  });
  return { ok: answer.ok, ...(await answer.json().catch(() => ({}))) };
}

async function subscription() {
  const found = await navigator.serviceWorker.getRegistration(SCOPE);
  return found ? found.pushManager.getSubscription() : null;
}

const proof = ({ endpoint, keys }) => ({ endpoint, auth: keys?.auth ?? "" });

async function keep(values) {
  const cache = await caches.open(KEPT);
  await cache.put(`${SCOPE}eigen`, new Response(JSON.stringify(values)));
}

async function allow(form) {
  const ticked = [...form.querySelectorAll("input[name=topics]:checked")].map((box) => box.value);
  if (!ticked.length) return complain(word("none"));
  // Here, and nowhere else, the browser asks.
  if ((await Notification.requestPermission()) !== "granted") {
    if (Notification.permission === "denied") show("denied");
    return complain(word("closed"));
  }
  let made;
  try {
    await navigator.serviceWorker.register(form.dataset.worker, { scope: SCOPE });
    const worker = await navigator.serviceWorker.ready;
    made = await worker.pushManager.subscribe({
      userVisibleOnly: true, applicationServerKey: bytes(form.dataset.key),
    });
  } catch {
    return complain(word("failed"));
  }
  const answer = await tell(form.dataset.allow, {
    shown: form.dataset.shown,
    topics: ticked,
    sixteen: Boolean(form.querySelector("input[name=sixteen]")?.checked),
    website: form.querySelector("input[name=website]").value,
    subscription: made.toJSON(),
  });
  if (!answer.ok) {
    if (!answer.known) await made.unsubscribe(); // nothing was saved, so nothing stays here
    return complain(answer.problem || word("failed"));
  }
  await keep({ renewal: answer.renewal, key: form.dataset.key });
  return location.assign(answer.url);
}

async function begin() {
  if (part("script")) part("script").hidden = true; // it says that nothing runs here
  const form = part("form");
  if (form) {
    if (!fits) return show("unfit");
    form.hidden = false;
    if (Notification.permission === "denied") show("denied");
    form.addEventListener("submit", (event) => { event.preventDefault(); allow(form); });
    const known = await subscription();
    if (known) {
      show("known");
      document.querySelector("[data-push-mine]").addEventListener("click", async () => {
        const answer = await tell(form.dataset.mine, proof(known.toJSON()));
        if (answer.ok) location.assign(answer.url);
        else { part("known").hidden = true; await known.unsubscribe(); }
      });
    }
  }
  const link = part("link");
  if (link) {
    const known = fits ? await subscription() : null;
    if (!known) return show("none");
    link.hidden = false;
    link.addEventListener("submit", async (event) => {
      event.preventDefault();
      const answer = await tell(location.pathname, proof(known.toJSON()));
      if (answer.ok) location.assign(answer.url);
      else complain(answer.problem || word("failed"));
    });
  }
  if (part("dropped") && fits) {
    await (await subscription())?.unsubscribe();
    await caches.delete(KEPT);
  }
  return undefined;
}

begin();
