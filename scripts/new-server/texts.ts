import type { Identity } from "../identity/names.ts";
import type { Names } from "./names.ts";

/** A text of examples/minimal-server with the new names. */
export function renamed(text: string, { server, variable, type, title, environment }: Names): string {
  return text
    .replaceAll("server-words", server)
    .replace("version: pkg.version,", "version: pkg.version,\n  package: pkg,")
    .replaceAll("wordsServer", `${variable}Server`)
    .replaceAll('"Words"', JSON.stringify(title))
    .replaceAll("WORDS_", `${environment}_`)
    .replace(/\bWords\b/g, type);
}

interface Example {
  readonly scripts: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

/** The package.json: the example's, plus what a published package needs. */
export function packageJson(
  { scripts, devDependencies }: Example,
  names: Names,
  identity: Identity,
  port: number,
): string {
  const { server, title } = names;
  const picture = `https://cdn.jsdelivr.net/npm/${identity.scope}/${server}/icon`;
  const json = {
    name: `${identity.scope}/${server}`,
    version: "0.0.0",
    mcpName: `${identity.namespace}/${server}`,
    description: `MCP server for ${title.toLowerCase()}.`,
    license: "MIT",
    type: "module",
    homepage: `${identity.repository}/tree/main/packages/${server}#readme`,
    repository: { type: "git", url: `git+${identity.repository}.git`, directory: `packages/${server}` },
    keywords: ["mcp", "mcp-server", "model-context-protocol"],
    icons: [
      { src: `${picture}.png`, mimeType: "image/png", sizes: ["512x512"] },
      { src: `${picture}.svg`, mimeType: "image/svg+xml", sizes: ["any"] },
    ],
    engines: { node: ">=20" },
    bin: { [server]: "dist/cli.js" },
    files: ["dist", "icon.png", "icon.svg"],
    publishConfig: { access: "public", provenance: true },
    scripts,
    "server-build": { listing: { network: false, port } },
    devDependencies,
  };
  return `${JSON.stringify(json, null, 2)}\n`;
}

/** The sections of a server's README, with the generated ones from the example. */
export function readme(example: string, names: Names, { scope, repository }: Identity): string {
  const { server, title } = names;
  const start = example.indexOf("## Tools");
  return `# ${scope}/${server}

<img src="icon.png" alt="" width="96" align="right">

Begin with what a user gains, and show one answer that you ran. Until then, this server counts words:

\`\`\`
count_words {"text": "One, two."}
→ 2 words, 9 characters
\`\`\`

## Install

<!-- generated: install -->

<!-- /generated: install -->

${renamed(example.slice(start), names).trimEnd()}

## Security

Say what ${title} can touch, what it refuses, and what it cannot protect against.
[How to report a vulnerability](${repository}/blob/main/SECURITY.md).

## Limits

Say what it does not do, and what nobody tried.
`;
}

/** Its icon, in the frame that all have, for the author to replace. */
export const icon = ({
  title,
}: Names): string => `<svg xmlns="http://www.w3.org/2000/svg" width="512" height="512" viewBox="0 0 512 512">
  <title>${title}</title>
  <rect width="512" height="512" rx="112" fill="#475569"/>
  <g fill="none" stroke="#fff" stroke-width="32" stroke-linecap="round" stroke-linejoin="round">
    <path d="M144 176h224M144 256h224M144 336h128"/>
  </g>
</svg>
`;

/** Placeholder for what the author of a new server has yet to write: with it, a release is not ready. */
export const UNWRITTEN = "say what it does for its users";

/** The changeset of its first release. */
export const changeset = ({ server, title }: Names, { scope }: Identity): string =>
  `---\n"${scope}/${server}": minor\n---\n\nA server for ${title.toLowerCase()}: ${UNWRITTEN}.\n`;

/** The root README with a row for the server in the table of servers, sorted by name. */
export function withRow(text: string, { server, title }: Names): string {
  const rows = text.split("\n");
  const isRow = (line: string) => /^\| \[server-[^\]]+\]\(packages\//.test(line);
  const first = rows.findIndex(isRow);
  if (first === -1) throw new Error("README.md has no table of servers.");
  const count = rows.slice(first).findIndex((line) => !isRow(line));
  const cells = [...rows.slice(first, first + count), `| [${server}](packages/${server}/README.md) | ${title} |`]
    .map((line) => line.slice(1, -1).split("|"))
    .map(([link = "", ...about]) => [link.trim(), about.join("|").trim()] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const [wide, wider] = [0, 1].map((column) => Math.max(...cells.map((cell) => cell[column === 0 ? 0 : 1].length)));
  const line = (link: string, about: string) => `| ${link.padEnd(wide ?? 0)} | ${about.padEnd(wider ?? 0)} |`;
  const [head = "", about = ""] = (rows[first - 2] ?? "").slice(1, -1).split("|");
  const header = [line(head.trim(), about.trim()), line("-".repeat(wide ?? 0), "-".repeat(wider ?? 0))];
  rows.splice(first - 2, count + 2, ...header, ...cells.map(([link, words]) => line(link, words)));
  return rows.join("\n");
}
