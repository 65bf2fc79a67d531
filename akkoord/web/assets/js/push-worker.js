// Our own service worker: it shows messages, opens their link, and stops them. It fetches nothing
// of pages, keeps nothing but a token, and has no words of its own.
const KEPT = "akkoord-push";
const OWN = "/p/eigen";

const ours = (url) => {
  try { return new URL(url, self.location.origin).origin === self.location.origin; } catch { return false; }
};

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("push", (event) => {
  let message = {};
  try { message = event.data.json(); } catch { /* nothing to read: the name of the site is shown */ }
  event.waitUntil(display(message));
});

function display(message) {
  const words = message.words ?? {};
  const most = Notification.maxActions ?? 0;
  const lines = [message.body ?? ""];
  // A browser without buttons in a notification is told where stopping is.
  if (most < 1 && words.where) lines.push(words.where);
  const actions = most < 1 || !message.stop ? [] : [
    { action: "stop", title: words.stop }, { action: "page", title: words.page },
  ].slice(0, most);
  return self.registration.showNotification(message.title || self.location.hostname, {
    body: lines.filter(Boolean).join("\n"),
    icon: message.icon,
    lang: message.lang,
    tag: message.tag, // the same message twice is one
    data: message,
    actions,
  });
}

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const message = event.notification.data ?? {};
  if (event.action === "stop") event.waitUntil(stop(message));
  else if (event.action === "page" && ours(message.page)) event.waitUntil(open(message.page));
  else if (/^https?:/.test(message.url ?? "")) event.waitUntil(open(message.url));
});

const open = (url) => self.clients.openWindow(url);

async function stop(message) {
  if (!ours(message.stop)) return undefined;
  let answer;
  try {
    answer = await fetch(message.stop, { method: "POST", credentials: "omit", body: "" });
  } catch { /* no network now: the page has a button */ }
  if (!answer?.ok) return open(message.stop);
  if ((await answer.text()) === "LAST") {
    await (await self.registration.pushManager.getSubscription())?.unsubscribe();
    await caches.delete(KEPT);
  }
  return self.registration.showNotification(message.title, {
    body: message.words?.stopped, icon: message.icon, lang: message.lang, tag: message.tag,
    data: { url: message.page },
  });
}

self.addEventListener("pushsubscriptionchange", (event) => event.waitUntil(renew(event)));

async function renew(event) {
  const kept = await (await caches.open(KEPT)).match(OWN);
  if (!kept) return;
  const { renewal, key } = await kept.json();
  const fresh = event.newSubscription ?? await self.registration.pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: event.oldSubscription?.options?.applicationServerKey ?? bytes(key),
  });
  const answer = await fetch("/p/vernieuwd/", {
    method: "POST", credentials: "omit", headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ renewal, subscription: fresh.toJSON() }),
  });
  if (answer.status === 410) { // stopped meanwhile: nothing stays here either
    await fresh.unsubscribe();
    await caches.delete(KEPT);
  }
}

function bytes(text) {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}
