// From the canvas's parts to MJML, and back: attributes escaped, nothing of the canvas's own.

const escaped = (text) => String(text).replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
const inner = (one) => (one.get("content") ?? "") + one.components().map((each) => each.toHTML()).join("");
const SKIPPED = new Set(["id", "style", "data-gjs-type"]);

/** One part with what stands in it. */
export const asPart = (one) => {
  const tag = one.get("tagName");
  const values = { ...one.get("attributes") };
  if (one.get("src") && !values.src) values.src = one.get("src");
  const attributes = Object.entries(values)
    .filter(([name, value]) => !SKIPPED.has(name) && value !== undefined && value !== null && value !== false && (value !== "" || name === "alt"))
    .map(([name, value]) => ` ${name}="${escaped(value)}"`).join("");
  const isText = tag === "mj-text" || tag === "mj-button";
  const inside = isText ? inner(one) : one.components().filter((each) => each.get("tagName")?.startsWith("mj-")).map(asPart).join("");
  return `<${tag}${attributes}>${inside}</${tag}>`;
};

/** The sections of the letter, one on a line. */
export const asMjml = (editor) => {
  const body = editor.getWrapper().findType("mj-body")[0];
  return body ? body.components().filter((each) => each.get("tagName")?.startsWith("mj-")).map(asPart).join("\n") : "";
};

/** MJML whose empty parts are closed as HTML closes them. */
export const opened = (mjml) => mjml.replace(/<(mj-[a-z-]+)((?:\s+[\w-]+=(?:"[^"]*"|'[^']*'))*)\s*\/>/g, "<$1$2></$1>");
