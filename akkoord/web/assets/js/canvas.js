// The canvas: GrapesJS with its MJML plug-in, and settings of our own beside it. It fetches
// nothing and keeps nothing: what is drawn goes to the page around it.
import grapesjs from "grapesjs";
import mjmlModule from "grapesjs-mjml";
import dutch from "grapesjs/locale/nl.mjs";
import dutchMjml from "grapesjs-mjml/locale/nl.js";
import { asMjml, asPart, opened } from "./canvas-mjml.js";
import { settingsOf } from "./canvas-settings.js";

const mjmlPlugin = mjmlModule.default ?? mjmlModule;
const locale = (found) => found.default ?? found;
const facts = JSON.parse(document.getElementById("facts").textContent);
const { words, look, language } = facts;
const $ = (id) => document.getElementById(id);
const icon = (key) => document.querySelector(`[data-drawing="${key}"]`).innerHTML;
const NAMES = {
  "mj-section": words.section, "mj-column": words.column, "mj-text": words.text,
  "mj-button": words.button, "mj-image": words.image, "mj-divider": words.divider,
  "mj-spacer": words.spacer, "mj-wrapper": words.wrapper, "mj-group": words.group,
};

// What a part does not say itself it takes from the house's style, on the canvas as in the mail.
const houseStyle = (editor, { opt }) => {
  const parse = opt.mjmlParser;
  opt.mjmlParser = (mjml, options) => parse(mjml.replace("<mjml>", `<mjml>${facts.head}`), {
    ...options, fonts: {}, validationLevel: "skip",
  });
  for (const [type, name] of Object.entries(NAMES)) {
    editor.Components.addType(type, { model: { defaults: { "style-default": {}, name } } });
  }
  editor.Components.addType("mj-body", { model: { defaults: {
    "style-default": {}, name: "", selectable: false, hoverable: false,
  } } });
};

const card = `css-class="ak-card" padding="0" background-color="${look.card}"`;
const text = `<mj-text>${words.newText}</mj-text>`;
const column = (width) => `<mj-column width="${width}"><mj-text padding="6px 12px"><p>${words.newText}</p></mj-text></mj-column>`;
const BLOCKS = [
  ["mj-text", words.text, `<mj-text><p>${words.newText}</p></mj-text>`],
  ["heading", words.heading, `<mj-text css-class="ak-flat" padding="14px 32px 6px"><h2>${words.newHeading}</h2></mj-text>`],
  ["mj-button", words.button, `<mj-button css-class="ak-button" padding="10px 32px 16px">${words.newButton}</mj-button>`],
  ["mj-image", words.image, '<mj-image padding="8px 32px" width="536px"></mj-image>'],
  ["mj-divider", words.divider, '<mj-divider css-class="ak-rule" padding="14px 32px"></mj-divider>'],
  ["mj-spacer", words.spacer, '<mj-spacer height="28px"></mj-spacer>'],
  ["one", words.one, `<mj-section ${card}><mj-column>${text}</mj-column></mj-section>`],
  ["two", words.two, `<mj-section css-class="ak-card ak-side" padding="6px 20px" background-color="${look.card}">${column("50%")}${column("50%")}</mj-section>`],
  ["three", words.three, `<mj-section css-class="ak-card ak-side" padding="6px 20px" background-color="${look.card}">${column("33%")}${column("33%")}${column("33%")}</mj-section>`],
];

const editor = grapesjs.init({
  container: "#canvas",
  height: "100%",
  width: "100%",
  telemetry: false,
  cssIcons: "",
  storageManager: false,
  fromElement: false,
  showDevices: false,
  noticeOnUnload: false,
  log: false,
  panels: { defaults: [] },
  blockManager: { appendTo: "#draw-blocks", appendOnClick: false, blocks: [] },
  deviceManager: { devices: [{ id: "desk", name: words.desk, width: "" }, { id: "phone", name: words.phone, width: "390px" }] },
  assetManager: { custom: { open() {}, close() {} }, embedAsBase64: false, upload: false },
  parser: { optionsHtml: { allowScripts: false, allowUnsafeAttr: false, allowUnsafeAttrValue: false } },
  canvas: { styles: [], scripts: [] },
  i18n: { locale: language, localeFallback: "en", detectLocale: false, messages: { nl: { ...locale(dutch), ...locale(dutchMjml) } } },
  plugins: [(made) => mjmlPlugin(made, {
    blocks: [], resetDevices: false, columnsPadding: "", fonts: {}, customComponents: [houseStyle],
    useCustomTheme: false, resetStyleManager: false, imagePlaceholderSrc: "data:,",
  })],
});
// What stands inside a text is its words: chosen and moved is the text as a whole.
editor.on("component:create", (one) => {
  if (!(one.get("tagName") ?? "").startsWith("mj")) {
    one.set({ selectable: false, hoverable: false, draggable: false, droppable: false, highlightable: false, layerable: false });
  }
});
for (const [id, label, content] of BLOCKS) {
  editor.Blocks.add(id, { label, content, media: icon(id), select: true });
}

// -- telling what was drawn, a moment after the last stroke

let told = "";
let waiting = 0;
const tell = () => {
  const drawn = asMjml(editor);
  if (drawn === told) return;
  told = drawn;
  parent.postMessage({ drawn }, location.origin);
};
const tellSoon = () => {
  clearTimeout(waiting);
  waiting = setTimeout(tell, 900);
};

editor.on("load", () => {
  editor.setComponents(`<mjml><mj-body background-color="${look.paper}">${opened(facts.mjml)}</mj-body></mjml>`);
  editor.UndoManager.clear();
  told = asMjml(editor);
  editor.on("update component:update component:input rte:disable", tellSoon);
  document.body.dataset.ready = "yes";
});

// -- what is chosen

const MOVES = { up: -1, down: 1 };
const act = {
  parent: (one) => editor.select(one.parent()),
  double: (one) => {
    const again = one.clone();
    one.parent().append(again, { at: one.index() + 1 });
    editor.select(again);
  },
  away: (one) => one.remove(),
};
const show = () => {
  const one = editor.getSelected();
  const isPart = one && one.get("tagName") in NAMES;
  $("draw-kind").textContent = isPart ? NAMES[one.get("tagName")] : words.chosen;
  $("draw-acts").hidden = !isPart;
  $("draw-settings").replaceChildren(...settingsOf(isPart ? one : null, facts));
};
editor.on("component:selected component:deselected component:remove", show);
show();

document.addEventListener("click", (event) => {
  const pressed = event.target.closest("[data-act]");
  const one = pressed && editor.getSelected();
  if (one && pressed.dataset.act in MOVES) {
    const to = one.index() + MOVES[pressed.dataset.act];
    if (to >= 0 && to < one.parent().components().length) one.move(one.parent(), { at: to + (to > one.index() ? 1 : 0) });
  } else if (one) {
    act[pressed.dataset.act](one);
  }
  const device = event.target.closest("[data-device]");
  if (device) {
    editor.setDevice(device.dataset.device);
    for (const each of document.querySelectorAll("[data-device]")) each.setAttribute("aria-pressed", String(each === device));
  }
});
$("draw-undo").addEventListener("click", () => editor.UndoManager.undo());
$("draw-redo").addEventListener("click", () => editor.UndoManager.redo());

// A press on a block puts it under what is chosen; dragging puts it anywhere.
const under = (tag) => {
  for (let one = editor.getSelected(); one; one = one.parent()) if (one.get("tagName") === tag) return one;
  return null;
};
editor.on("block:drag:stop", show);
$("draw-blocks").addEventListener("click", (event) => {
  const tile = event.target.closest(".gjs-block");
  const block = tile && BLOCKS.find(([, label]) => label === tile.title);
  if (!block) return;
  const body = editor.getWrapper().findType("mj-body")[0];
  const section = under("mj-section");
  const sections = body.components();
  const last = sections.length && !/<mj-(text|image|button|divider)/.test(asPart(sections.at(sections.length - 1)));
  const at = section ? section.index() + 1 : sections.length - (last ? 1 : 0);  // above the rounded edge
  const own = under("mj-column");
  const isSection = block[2].startsWith("<mj-section");
  const [made] = own && !isSection
    ? own.append(block[2], under("mj-column") === editor.getSelected() ? {} : { at: editor.getSelected().index() + 1 })
    : body.append(isSection ? block[2] : `<mj-section ${card}><mj-column>${block[2]}</mj-column></mj-section>`, { at });
  editor.select(isSection || own ? made : made.findType(/<(mj-[a-z]+)/.exec(block[2])[1])[0]);
});

// -- a person's field: chosen here, never typed

const say = (sentence) => {
  $("draw-said").textContent = sentence;
};
const insert = (key) => {
  const fallback = $("draw-fallback").value.replaceAll('"', "'").replaceAll(/[{}<>&]/g, "").trim();
  const field = `{{ ${key} | default: "${fallback}" }}`;
  const view = editor.getEditing()?.view;
  const one = editor.getEditing() ?? editor.getSelected();
  if (view?.rteEnabled ?? view?.activeRte) {
    view.activeRte.insertHTML(field);
  } else if (one && ["mj-text", "mj-button"].includes(one.get("tagName"))) {
    const inner = one.components();
    const last = inner.length ? inner.at(inner.length - 1) : null;
    const into = last && !last.is("textnode") && last.components ? last : one;
    into.append({ type: "textnode", content: ` ${field}` });
    one.view.render();
  } else {
    return say(words.chooseText);
  }
  say(words.fieldIn);
  tellSoon();
  return null;
};
// The text stays open while a field is chosen: a press would else take the cursor out of it.
document.addEventListener("mousedown", (event) => {
  if (event.target.closest("[data-inserts]")) event.preventDefault();
});
document.addEventListener("click", (event) => {
  const pressed = event.target.closest("[data-inserts]");
  if (pressed) insert(pressed.dataset.inserts);
});
