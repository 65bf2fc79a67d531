// A form on somebody else's site: <script src="…/f/NAME/formulier.js" async></script>. It puts the
// published form where the script stands (or in the element that data-place names), in a closed
// shadow root, so that the site's styles and scripts leave it alone. No cookie, no storage, no third
// party; styles by adoptedStyleSheets, so that it works under a strict content policy with only
// script-src and connect-src for our address.
(() => {
  const script = document.currentScript;
  const base = new URL(".", script.src).href;
  const language = script.dataset.language || document.documentElement.lang.slice(0, 2) || "nl";
  const call = window.fetch.bind(window);
  const make = document.createElement.bind(document);

  const CSS = `
:host{all:initial!important;display:block!important;visibility:visible!important;opacity:1!important;position:static!important;max-width:34rem!important;color-scheme:light dark!important}
*{box-sizing:border-box}
form,.said{display:grid;gap:18px;font:400 16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;color:CanvasText;background:Canvas;padding:24px;border:1px solid #8a8f88;border-radius:8px}
h2{margin:0;font-size:1.35em;line-height:1.25}p{margin:0}
label,legend{font-weight:600;padding:0}fieldset{display:grid;gap:10px;margin:0;padding:0;border:0;min-width:0}
.field{display:grid;gap:4px}small{display:block;font-weight:400;opacity:.82;font-size:.92em}
input:not([type=checkbox]):not([type=radio]),textarea,select{width:100%;min-height:46px;padding:9px 12px;font:inherit;color:inherit;background:Field;border:1px solid #6b716a;border-radius:6px}
.box{display:grid;grid-template-columns:24px 1fr;gap:10px;align-items:start}.box label{font-weight:500}
.box input{width:22px;height:22px;margin:1px 0 0;accent-color:#125c3c}
button{min-height:48px;padding:10px 22px;font:inherit;font-weight:650;color:#fff;background:#125c3c;border:0;border-radius:8px;cursor:pointer;justify-self:start}
button[disabled]{opacity:.6;cursor:default}a{color:LinkText}
:focus-visible{outline:3px solid #125c3c;outline-offset:2px}
.wrong{color:#961b1b;font-weight:600}@media(prefers-color-scheme:dark){.wrong{color:#ffa79e}}
.trap{position:absolute;left:-9999px;height:1px;overflow:hidden}summary{cursor:pointer}details p{margin-top:8px;white-space:pre-line;font-size:.94em}`;

  const put = (parent, tag, text, values = {}) => {
    const made = make(tag);
    if (text) made.textContent = text; // always text, never markup
    for (const [name, value] of Object.entries(values)) made.setAttribute(name, value);
    parent.append(made);
    return made;
  };
  const field = (parent, name, shown, kind = "input", values = {}) => {
    const box = put(parent, "div", "", { class: "field", "data-field": name });
    put(box, "label", shown.label, { for: name });
    if (shown.why) put(box, "small", shown.why, { id: name + "-why" });
    const input = put(box, kind, "", { id: name, name, ...values });
    if (shown.why) input.setAttribute("aria-describedby", name + "-why");
    for (const [value, label] of shown.choices || []) put(input, "option", label, { value });
    return input;
  };
  const tick = (parent, name, value, shown) => {
    const box = put(parent, "div", "", { class: "box", "data-field": name });
    const id = name + "-" + value;
    put(box, "input", "", { type: "checkbox", name, value, id });
    const label = put(box, "label", shown.label, { for: id });
    if (shown.why) put(label, "small", shown.why);
    return box;
  };

  const build = (root, shown) => {
    const words = shown.words;
    const form = put(root, "form", "", { novalidate: "", lang: shown.language });
    put(form, "h2", shown.title);
    if (shown.intro) put(form, "p", shown.intro);
    const status = put(form, "p", "", { role: "alert", class: "wrong", hidden: "" });
    if (shown.message) field(form, "message", shown.message, "textarea", { rows: 5 });
    if (shown.topics.length) {
      const set = put(form, "fieldset", "", { "data-field": "topics" });
      put(set, "legend", words.one ? `${words.topics} (${words.one})` : words.topics);
      for (const topic of shown.topics) tick(set, "topics", topic.version, topic);
    }
    field(form, "email", { label: words.email }, "input", { type: "email", autocomplete: "email", inputmode: "email" });
    for (const each of shown.fields) {
      field(form, each.name, each, each.choices.length ? "select" : "input",
        { autocomplete: each.autocomplete, type: each.kind === "date" ? "date" : "text", maxlength: each.limit });
    }
    if (shown.asks_sixteen) {
      tick(form, "sixteen", "on", { label: words.sixteen });
      field(form, "parent_email", { label: words.parent_email, why: words.parent_why }, "input", { type: "email" });
    }
    if (shown.opt_out) tick(form, "no_mail", "on", shown.opt_out);
    if (shown.terms) {
      const box = tick(form, "terms", "on", shown.terms);
      if (shown.terms.url) put(box, "a", words.read_terms, { href: shown.terms.url, target: "_blank", rel: "noopener" });
    }
    put(put(form, "div", "", { class: "trap", "aria-hidden": "true" }), "input", "", { name: "website", tabindex: "-1", autocomplete: "off" });
    const told = put(form, "p", words.told + " ");
    put(told, "a", words.privacy, { href: shown.privacy_url, target: "_blank", rel: "noopener" });
    const more = put(form, "details");
    put(more, "summary", words.notice);
    put(more, "p", shown.notice);
    const button = put(form, "button", shown.button);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      send(root, form, shown, status, button);
    });
  };

  const complain = (form, errors, status, words) => {
    for (const old of form.querySelectorAll(".wrong.at")) old.remove();
    for (const old of form.querySelectorAll("[aria-invalid]")) old.removeAttribute("aria-invalid");
    status.textContent = errors.form?.join(" ") || words.missing;
    status.hidden = false;
    for (const [name, sentences] of Object.entries(errors)) {
      const place = form.querySelector(`[data-field="${name}"]`);
      if (!place) continue;
      put(place, "p", sentences.join(" "), { class: "wrong at" });
      const input = place.querySelector("input,textarea,select");
      input.setAttribute("aria-invalid", "true");
    }
    form.querySelector("[aria-invalid]")?.focus();
  };

  // Only under attack: find the number that makes the hash of the salt and it the one that was asked.
  const solve = async ({ algorithm, challenge, salt, signature, maxnumber }) => {
    const encoder = new TextEncoder();
    for (let number = 0; number <= maxnumber; number++) {
      const hash = await crypto.subtle.digest("SHA-256", encoder.encode(salt + number));
      const hex = Array.from(new Uint8Array(hash), (each) => each.toString(16).padStart(2, "0")).join("");
      if (hex === challenge) return btoa(JSON.stringify({ algorithm, challenge, number, salt, signature }));
    }
    return "";
  };

  const send = async (root, form, shown, status, button, proof = "") => {
    button.disabled = true;
    const data = new FormData(form);
    const posted = { shown: shown.shown, topics: data.getAll("topics") };
    for (const [name, value] of data) if (name !== "topics") posted[name] = value;
    if (proof) posted.altcha = proof;
    try {
      const answer = await call(base + "aanmelden/", {
        method: "POST", credentials: "omit", referrerPolicy: "origin",
        headers: { "Content-Type": "application/json" }, body: JSON.stringify(posted),
      });
      const said = await answer.json();
      if (answer.ok) {
        const place = make("div");
        place.className = "said";
        put(place, "h2", said.heading, { tabindex: "-1" });
        put(place, "p", said.text);
        form.replaceWith(place);
        place.firstChild.focus();
        return;
      }
      if (said.challenge && !proof) {
        status.hidden = false;
        status.textContent = shown.words.moment;
        send(root, form, shown, status, button, await solve(said.challenge));
        return;
      }
      complain(form, said.errors || {}, status, shown.words);
    } catch {
      status.hidden = false;
      status.textContent = shown.words.offline;
    }
    button.disabled = false;
  };

  const start = async () => {
    const place = make("div");
    const chosen = script.dataset.place && document.getElementById(script.dataset.place);
    if (chosen) chosen.append(place);
    else script.after(place);
    const root = place.attachShadow({ mode: "closed" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(CSS);
    root.adoptedStyleSheets = [sheet];
    const answer = await call(base + "formulier.json?taal=" + encodeURIComponent(language), { credentials: "omit" });
    if (answer.ok) build(root, await answer.json());
  };
  start();
})();
