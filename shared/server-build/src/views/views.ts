import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import type { Metafile } from "esbuild";
import { compile } from "../esbuild.ts";
import { Failure } from "../failure.ts";

const VIEW = /\.view\.html$/;
/**
 * A page's references to other files: `<link rel="stylesheet" href="./x.css">`, `<script type="module"
 * src="./x.ts"></script>`.
 */
const PARTS = /<link rel="stylesheet" href="(\.[^"]+)"\s*\/?>|<script type="module" src="(\.[^"]+)"><\/script>/g;

export interface View {
  /** "forecast.html" of `src/view/forecast.view.html`. */
  readonly name: string;
  readonly html: string;
  readonly metafile: Metafile;
}

/**
 * Makes one self-contained page from every `name.view.html` in src: its stylesheets and modules, with all their
 * imports, are written into it. Hosts show such pages (MCP Apps) where nothing can be loaded.
 * @throws Failure when the code does not build, or two views share a name
 */
export async function compileViews(folder: string): Promise<View[]> {
  const files = (await readdir(path.join(folder, "src"), { recursive: true })).filter((name) => VIEW.test(name)).sort();
  const names = files.map((file) => path.basename(file).replace(VIEW, ".html"));
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice) throw new Failure(`Two views are named ${twice}: they become one file in dist.`);
  return Promise.all(files.map((file, at) => compileView(folder, path.join("src", file), names[at] ?? "")));
}

async function compileView(folder: string, file: string, name: string): Promise<View> {
  const page = await readFile(path.join(folder, file), "utf8");
  const parts = [...page.matchAll(PARTS)].map(([tag, style, script]) => ({
    tag,
    isStyle: !!style,
    from: style ?? script,
  }));
  let html = page;
  const inputs: Metafile["inputs"] = {};
  const inside: Metafile["outputs"][string]["inputs"] = {};
  for (const { tag, isStyle, from = "" } of parts) {
    const { outputFiles, metafile } = await compile(folder, {
      ...{
        entryPoints: [path.join(path.dirname(file), from)],
        outfile: path.join("dist", isStyle ? "view.css" : "view.js"),
      },
      ...{ platform: "browser", target: "es2022", minify: true, legalComments: "none" },
    });
    const code = outputFiles
      .map(({ text }) => text)
      .join("")
      .trim();
    html = html.replace(tag, () => (isStyle ? inStyle(code) : inScript(code)));
    Object.assign(inputs, metafile.inputs);
    for (const output of Object.values(metafile.outputs)) Object.assign(inside, output.inputs);
  }
  const output = { bytes: Buffer.byteLength(html), inputs: inside, imports: [], exports: [] };
  return { name, html, metafile: { inputs, outputs: { [`dist/${name}`]: output } } };
}

const inStyle = (css: string): string => `<style>${css.replaceAll("</", "<\\/")}</style>`;

// A browser ends a script at the first "</script", even inside a string, and "<!--" may hide that end.
const inScript = (code: string): string =>
  `<script type="module">${code.replaceAll("</script", "<\\/script").replaceAll("<!--", "<\\!--")}</script>`;
