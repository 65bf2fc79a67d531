// The editor of letters: the page works by its forms alone; this adds dragging, marks in texts,
// choosing pictures and fields, and keeps the picture of the letter beside it up to date.
import Sortable from "sortablejs";

const editor = document.getElementById("editor");
const look = document.getElementById("look");
const $ = (id) => document.getElementById(id);
const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
let chooses = null; // the select that a picture is chosen for
let writes = null; // the field that a person's field goes into

// -- the picture of the letter

const refresh = () => {
  const url = `${editor.dataset.preview}?als=niemand&licht=${editor.dataset.light}&v=${editor.dataset.version}`;
  look.src = url;
};
let waiting = 0;
const refreshSoon = () => {
  clearTimeout(waiting);
  waiting = setTimeout(refresh, 120);
};

document.addEventListener("click", (event) => {
  const choice = event.target.closest("[data-look]");
  if (!choice) return;
  event.preventDefault();
  for (const each of choice.parentElement.querySelectorAll("[data-look]")) {
    each.setAttribute("aria-pressed", String(each === choice));
  }
  editor.dataset[choice.dataset.look] = choice.value;
  if (choice.dataset.look === "screen") look.parentElement.className = `look-frame look-${choice.value}`;
  else refresh();
});

// -- versions: every form carries the one that was last kept

document.addEventListener("letterKept", (event) => {
  const { version } = event.detail;
  editor.dataset.version = version;
  for (const field of document.querySelectorAll("input[name=version]")) field.value = version;
  refreshSoon();
});

// Lists that come back show the same block open.
document.addEventListener("htmx:configRequest", (event) => {
  const open = editor.querySelector(".block-details[open]")?.closest("[data-block]");
  if (!("open" in event.detail.parameters)) event.detail.parameters.open = open?.dataset.block ?? "";
});
document.addEventListener("htmx:sendError", () => {
  $("letter-state").textContent = editor.dataset.offline ?? "";
});
window.addEventListener("beforeunload", (event) => {
  if (editor.querySelector(".htmx-request")) event.preventDefault();
});

// -- dragging, from the palette too

const send = (values, target) => {
  window.htmx.ajax("POST", editor.dataset.post, {
    source: target, target: "#blocks", values: { ...values, version: editor.dataset.version },
  });
};
const makeSortable = () => {
  const list = $("block-list");
  if (!list || Sortable.get(list)) return;
  Sortable.create(list, {
    group: "blocks", handle: ".block-grip", animation: still ? 0 : 150, ghostClass: "block-ghost",
    draggable: ".block",
    onUpdate: ({ item, newDraggableIndex }) => send({ doe: "plaats", blok: item.dataset.block, plaats: newDraggableIndex }, list),
    onAdd: ({ item, newDraggableIndex }) => {
      const kind = item.dataset.kind;
      item.remove();
      if (kind) send({ soort: kind, plaats: newDraggableIndex ?? 0 }, list);
    },
  });
};
Sortable.create($("palette-tiles"), {
  group: { name: "blocks", pull: "clone", put: false }, sort: false, animation: 0,
  delay: 120, delayOnTouchOnly: true,
});
makeSortable();

// One press is one block: the second half of a double press, and a key held down, add nothing.
$("palette-tiles").addEventListener("click", (event) => {
  if (event.detail < 2 || !event.target.closest("[data-kind]")) return;
  event.preventDefault();
  event.stopPropagation();
}, true);
$("palette-tiles").addEventListener("keydown", (event) => {
  if (event.repeat && event.target.closest("[data-kind]")) event.preventDefault();
}, true);

// What dragging left behind as styles of elements htmx would carry over, which our policy refuses.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target?.id !== "blocks") return;
  for (const each of event.detail.target.querySelectorAll("[style]")) each.removeAttribute("style");
  // Of a group only one is open: the new one comes in while the old one is still there.
  for (const each of event.detail.target.querySelectorAll(".block-details[open]")) each.removeAttribute("name");
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target?.id === "blocks") {
    makeSortable();
    under("");
    const fresh = editor.querySelector(".block-details[open]");
    const asked = event.detail.requestConfig?.parameters;
    if (asked?.get?.("soort") ?? asked?.soort) {
      fresh?.querySelector("input:not([type=hidden]), textarea, select")?.focus();
      fresh?.closest(".block").scrollIntoView({ block: "nearest", behavior: still ? "auto" : "smooth" });
    }
  }
  const brought = event.detail.target?.querySelector?.("[data-brought]");
  if (brought) pick(brought.dataset.brought, brought.dataset);
});

// By keyboard: Alt with an arrow moves the block in which one stands.
editor.addEventListener("keydown", (event) => {
  const way = { ArrowUp: "omhoog", ArrowDown: "omlaag" }[event.key];
  const block = event.target.closest?.(".block[data-block]");
  if (!event.altKey || !way || !block) return;
  event.preventDefault();
  block.querySelector(`.block-tools [value=${way}]:not(:disabled)`)?.click();
});

// -- adding under a block

const where = $("palette-where");
const under = (id) => {
  $("palette-after").value = id;
  const number = id && document.getElementById(`blok-${id}`)?.dataset.number;
  where.textContent = number ? `${where.dataset.under} ${number}.` : where.dataset.end;
};
document.addEventListener("click", (event) => {
  const adder = event.target.closest("[data-adds-after]");
  if (!adder) return;
  event.preventDefault();
  under(adder.dataset.addsAfter);
  $("toevoegen").scrollIntoView({ block: "center", behavior: still ? "auto" : "smooth" });
  $("palette-tiles").querySelector("button").focus({ preventScroll: true });
});
if ($("palette-after").value) under($("palette-after").value);

// -- marks in a text

const tell = (field) => field.dispatchEvent(new Event("input", { bubbles: true }));
const put = (field, text, from = field.selectionStart, to = field.selectionEnd) => {
  field.focus();
  field.setRangeText(text, from, to, "end");
  tell(field);
};
const marks = {
  "**": (field, chosen) => put(field, `**${chosen || "…"}**`),
  "*": (field, chosen) => put(field, `*${chosen || "…"}*`),
  link: (field, chosen) => {
    const from = field.selectionStart;
    put(field, `[${chosen || "…"}](https://)`);
    const end = from + (chosen || "…").length + 11;
    field.setSelectionRange(end, end);
  },
  "- ": (field, chosen) => {
    const from = field.value.lastIndexOf("\n", field.selectionStart - 1) + 1;
    const lines = field.value.slice(from, Math.max(field.selectionEnd, from)) || chosen;
    put(field, lines.split("\n").map((line) => `- ${line}`).join("\n"), from, field.selectionEnd);
  },
  field: (field) => askField(field),
};
const askField = (field) => {
  writes = field;
  $("field-picker").showModal();
};
document.addEventListener("click", (event) => {
  const mark = event.target.closest("[data-mark]");
  if (mark) {
    const field = $(mark.closest("[data-marks]").dataset.marks);
    marks[mark.dataset.mark](field, field.value.slice(field.selectionStart, field.selectionEnd));
    return;
  }
  const asks = event.target.closest("[data-field-for]");
  if (asks) {
    askField($(asks.dataset.fieldFor));
    return;
  }
  const insert = event.target.closest("[data-inserts]");
  if (insert && writes) {
    const fallback = $("field-fallback").value.replaceAll('"', "'").trim();
    $("field-picker").close();
    put(writes, `{{ ${insert.dataset.inserts} | default: "${fallback}" }}`);
    return;
  }
});
document.addEventListener("keydown", (event) => {
  const key = { b: "**", i: "*" }[event.key];
  if (!key || !(event.ctrlKey || event.metaKey) || !event.target.matches?.(".block-form textarea")) return;
  event.preventDefault();
  const field = event.target;
  marks[key](field, field.value.slice(field.selectionStart, field.selectionEnd));
});

// -- which people get a block: a group from the list, or one's own words

document.addEventListener("input", (event) => {
  const words = event.target.closest("textarea[name=conditie]");
  const list = event.target.closest("select[name=groep]");
  if (words) words.form.elements.groep.value = words.value ? "-" : "";
  if (list && list.value !== "-") list.form.elements.conditie.value = list.value;
  if (list?.value === "-") list.form.elements.conditie.focus();
});

// -- choosing a picture

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-chooses-for]");
  if (opener) chooses = $(opener.dataset.choosesFor);
  const picked = event.target.closest("[data-picks]");
  if (picked) pick(picked.dataset.picks, picked.dataset);
});
const pick = (name, { alt, words }) => {
  if (!chooses) return;
  if (![...chooses.options].some((each) => each.value === name)) {
    chooses.add(new Option(words || name, name));
  }
  chooses.value = name;
  const form = chooses.form;
  const words_for = form.elements[chooses.name.replace("picture", "alt")];
  if (words_for && !words_for.value && alt) words_for.value = alt;
  const shown = chooses.parentElement.querySelector("img") ?? chooses.parentElement.insertBefore(new Image(96), chooses);
  shown.alt = "";
  shown.src = `/beeld/${name}`;
  $("panel").close();
  chooses.dispatchEvent(new Event("change", { bubbles: true }));
  chooses.focus();
};
