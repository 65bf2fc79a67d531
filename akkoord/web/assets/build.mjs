// Builds everything into the folder that is given: bundles with the hash of their content in the
// name, `manifest.json`, the icons' shapes in `icons.json`, and a gzip and a brotli of each file.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import zlib from "node:zlib";

const target = process.argv[2];
// What a running server still hands out stays for a week; names carry the hash of their content.
fs.mkdirSync(target, { recursive: true });
for (const name of fs.readdirSync(target)) {
  const file = path.join(target, name);
  if (Date.now() - fs.statSync(file).mtimeMs > 7 * 86_400_000) fs.rmSync(file);
}

// light-dark(a, b) → a block for light, one for dark by the system, one for dark by choice.
function expandLightDark(css) {
  const pair = /light-dark\(([^,]+),\s*([^)]+)\)/g;
  const dark = [...css.matchAll(/(--[\w-]+):\s*light-dark\([^,]+,\s*([^)]+)\)/g)]
    .map(([, name, value]) => `${name}:${value}`).join(";");
  return css.replace(pair, "$1") +
    `@media (prefers-color-scheme: dark){:root:not([data-theme="light"]){${dark}}}` +
    `:root[data-theme="dark"]{${dark}}`;
}

const tokens = {
  name: "tokens",
  setup(builder) {
    builder.onLoad({ filter: /tokens\.css$/ }, ({ path: file }) => ({
      contents: expandLightDark(fs.readFileSync(file, "utf8")), loader: "css",
    }));
  },
};

const result = await build({
  entryPoints: {
    staff: "js/staff.js", theme: "js/theme.js", counter: "js/counter.js", embed: "js/embed.js",
    push: "js/push.js", "form-begun": "js/form-begun.js", "push-worker": "js/push-worker.js",
    editor: "js/editor.js", draft: "js/draft.js", draw: "js/draw.js", canvas: "js/canvas.js",
  },
  bundle: true, minify: true, format: "iife", target: ["es2022"], legalComments: "none",
  entryNames: "[name]-[hash]", outdir: target, metafile: true,
});
const styles = await build({
  entryPoints: { staff: "css/staff.css", public: "css/public.css", holdings: "css/holdings.css", groups: "css/groups.css", register: "css/register.css", joining: "css/joining.css", phone: "css/phone.css", policy: "css/policy.css", checkup: "css/checkup.css", sending: "css/sending.css", series: "css/series.css", editor: "css/editor.css", draw: "css/draw.css", canvas: "css/canvas.css", begin: "css/begin.css", requests: "css/requests.css", breaches: "css/breaches.css", why: "css/why.css", grant: "css/grant.css" },
  bundle: true, minify: true, plugins: [tokens], legalComments: "none",
  target: ["chrome111", "firefox113", "safari16.4"],
  loader: { ".woff2": "file" }, assetNames: "[name]-[hash]",
  entryNames: "[name]-[hash]", outdir: target, metafile: true,
});

const manifest = {};
for (const { outputs } of [result.metafile, styles.metafile]) {
  for (const [file, { entryPoint }] of Object.entries(outputs)) {
    if (entryPoint) manifest[path.parse(entryPoint).base] = path.basename(file);
  }
}

const mark = fs.readFileSync("mark.svg");
const hash = createHash("sha256").update(mark).digest("hex").slice(0, 8).toUpperCase();
manifest["mark.svg"] = `mark-${hash}.svg`;
fs.writeFileSync(path.join(target, manifest["mark.svg"]), mark);

// Our own mark takes the accent's colour in pages.
const icons = { mark: '<rect width="24" height="24" rx="6.5" fill="currentColor"/><path d="M6.6 12.9l3.5 3.5 7.3-8.6" fill="none" class="mark-tick" stroke-width="2.5"/>' };
for (const name of fs.readFileSync("icons.txt", "utf8").split(/\s+/).filter(Boolean)) {
  const file = `node_modules/@tabler/icons/icons/outline/${name}.svg`;
  if (!fs.existsSync(file)) throw new Error(`icons.txt: there is no icon named ${name}`);
  icons[name] = fs.readFileSync(file, "utf8")
    .replace(/^[\s\S]*?<svg[\s\S]*?>/, "").replace("</svg>", "")
    .replace(/<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*\/>/, "")
    .replace(/\s*\n\s*/g, "").trim();
}
fs.writeFileSync(path.join(target, "icons.json"), JSON.stringify(icons));
fs.writeFileSync(path.join(target, "manifest.json"), JSON.stringify(manifest, null, 2) + "\n");

for (const name of fs.readdirSync(target)) {
  if (!/\.(css|js|svg)$/.test(name) || fs.existsSync(path.join(target, `${name}.br`))) continue;
  const content = fs.readFileSync(path.join(target, name));
  fs.writeFileSync(path.join(target, `${name}.gz`), zlib.gzipSync(content, { level: 9 }));
  fs.writeFileSync(path.join(target, `${name}.br`), zlib.brotliCompressSync(content));
}
