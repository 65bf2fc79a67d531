// The settings of the part that is chosen: a few plain fields, from the house's own style.

const make = (tag, values = {}, ...inside) => {
  const one = document.createElement(tag);
  for (const [name, value] of Object.entries(values)) {
    if (name.startsWith("on")) one.addEventListener(name.slice(2), value);
    else if (value !== false && value !== undefined) one.setAttribute(name, value === true ? "" : value);
  }
  one.append(...inside);
  return one;
};
let count = 0;
const field = (label, control) => {
  control.id ||= `set-${count += 1}`;
  return make("div", { class: "draw-field" }, make("label", { for: control.id }, label), control);
};
const set = (one, values) => {
  const rest = { ...one.getAttributes({ noClass: true, noStyle: true }) };
  delete rest.id;
  for (const [name, value] of Object.entries(values)) {
    if (value === null) delete rest[name];
    else rest[name] = value;
  }
  one.setAttributes(rest);
};
const valueOf = (one, name) => one.get("attributes")[name] ?? "";

const choice = (one, name, label, options, words) => {
  const now = valueOf(one, name);
  const all = options.some(([value]) => value === now) ? options : [[now, words.own], ...options];
  const control = make("select", { onchange: (event) => set(one, { [name]: event.target.value || null }) },
    ...all.map(([value, text]) => make("option", { value, selected: value === now }, text)));
  return field(label, control);
};
const line = (one, name, label, more = {}) => field(label, make("input", {
  value: valueOf(one, name), autocomplete: "off", onchange: (event) => set(one, { [name]: event.target.value.trim() || null }), ...more,
}));
const pixels = (one, name, label, most) => field(label, make("input", {
  type: "number", min: 4, max: most, value: parseInt(valueOf(one, name), 10) || 20,
  onchange: (event) => set(one, { [name]: `${Math.max(4, Math.min(most, parseInt(event.target.value, 10) || 20))}px` }),
}));

const align = (one, words, name = "align") => choice(one, name, words.align, [["left", words.left], ["center", words.center], ["right", words.right]], words);
const inks = ({ look, words }) => [["", words.ofHouse], [look.ink, words.ink], [look.accent, words.accent], [look.onAccent, words.onAccent]];
const grounds = ({ look, words }) => [["", words.none], [look.card, words.card], [look.paper, words.paper], [look.accent, words.accent]];
const rooms = (words, side) => [[`0 ${side}`, words.none], [`6px ${side}`, words.small], [`14px ${side}`, words.medium], [`28px ${side}`, words.large]];

const picture = (one, facts) => {
  const { words, pictures } = facts;
  const now = valueOf(one, "src") || one.get("src") || "";
  const known = pictures.some(({ url }) => url === now);
  const pick = (event) => {
    const found = pictures.find(({ url }) => url === event.target.value);
    one.set("src", event.target.value);
    set(one, { src: event.target.value || null, ...(found?.alt ? { alt: found.alt } : {}) });
    refresh(one, facts);
  };
  const options = [["", words.none], ...(now && !known ? [[now, words.own]] : []), ...pictures.map(({ url, name }) => [url, name])];
  const isOrnament = one.get("attributes").alt === "";
  return [
    ...(now ? [make("img", { class: "draw-picture", src: now, alt: "" })] : []),
    field(words.picture, make("select", { onchange: pick }, ...options.map(([value, text]) => make("option", { value, selected: value === now }, text)))),
    line(one, "alt", words.alt, { maxlength: 250, disabled: isOrnament }),
    make("label", { class: "draw-box" }, make("input", {
      type: "checkbox", checked: isOrnament,
      onchange: (event) => { set(one, { alt: event.target.checked ? "" : null }); refresh(one, facts); },
    }), words.ornament),
    line(one, "href", words.link, { inputmode: "url", placeholder: "https://" }),
    choice(one, "width", words.width, [["536px", words.whole], ["252px", words.half], ["160px", words.third]], words),
    align(one, words),
  ];
};

const group = (one, { words, groups }) => {
  const now = valueOf(one, "only-for");
  const known = groups.some(({ text }) => text === now);
  const options = [["", words.everybody], ...(now && !known ? [[now, now]] : []), ...groups.map(({ text, name }) => [text, name])];
  const control = make("select", { onchange: (event) => set(one, { "only-for": event.target.value || null }) },
    ...options.map(([value, text]) => make("option", { value, selected: value === now }, text)));
  return [field(words.forWhom, control), ...(groups.length ? [] : [make("p", { class: "quiet" }, words.noGroups)])];
};

const SETTINGS = {
  "mj-section": (one, facts) => [
    ...group(one, facts),
    choice(one, "background-color", facts.words.ground, grounds(facts), facts.words),
    choice(one, "padding", facts.words.room, [["0", facts.words.none], ["6px 20px", facts.words.small], ["14px 20px", facts.words.medium], ["28px 20px", facts.words.large]], facts.words),
  ],
  "mj-wrapper": (one, facts) => [...group(one, facts), choice(one, "background-color", facts.words.ground, grounds(facts), facts.words)],
  "mj-column": (one, { words, ...facts }) => [
    choice(one, "width", words.width, [["", words.own], ["33%", words.third], ["50%", words.half], ["67%", words.twoThirds], ["100%", words.whole]], words),
    choice(one, "background-color", words.ground, grounds({ words, ...facts }), words),
  ],
  "mj-text": (one, facts) => [
    align(one, facts.words),
    choice(one, "font-size", facts.words.size, [["", facts.words.ofHouse], ["14px", facts.words.small], ["17px", facts.words.medium], ["21px", facts.words.large]], facts.words),
    choice(one, "color", facts.words.colour, inks(facts), facts.words),
    choice(one, "padding", facts.words.room, [["", facts.words.ofHouse], ...rooms(facts.words, "32px")], facts.words),
  ],
  "mj-button": (one, facts) => [
    line(one, "href", facts.words.link, { inputmode: "url", placeholder: "https://" }),
    align(one, facts.words),
    choice(one, "background-color", facts.words.ground, [["", facts.words.ofHouse], [facts.look.accent, facts.words.accent], [facts.look.card, facts.words.card]], facts.words),
    choice(one, "color", facts.words.colour, inks(facts), facts.words),
  ],
  "mj-image": picture,
  "mj-divider": (one, facts) => [choice(one, "border-color", facts.words.colour, [["", facts.words.ofHouse], [facts.look.line, facts.words.line], [facts.look.accent, facts.words.accent]], facts.words)],
  "mj-spacer": (one, { words }) => [pixels(one, "height", words.height, 120)],
};

/** The fields for a part; without one, what to do. */
export const settingsOf = (one, facts) => {
  if (!one) return [make("p", { class: "quiet" }, facts.words.nothing)];
  return SETTINGS[one.get("tagName")]?.(one, facts) ?? [];
};
const refresh = (one, facts) => document.getElementById("draw-settings").replaceChildren(...settingsOf(one, facts));
