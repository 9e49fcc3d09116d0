import { HOSTS, type Host } from "./hosts.ts";
import {
  entryOf,
  type Launch,
  launchOf,
  localUrl,
  PORT,
  prettyJson,
  type Remote,
  remoteOf,
  shellWords,
  TOKEN_VARIABLE,
} from "./launch.ts";
import { installLinks } from "./links.ts";
import type { Listing } from "./listing.ts";
import type { Snippet } from "./snippets.ts";

/** The README's section on installing: links, the JSON that most hosts read, HTTP, and one folded part for each host. */
export function installText(listing: Listing): string {
  const launch = launchOf(listing);
  const remote = remoteOf(listing);
  const { token: _, ...open } = remote;
  const badges = installLinks(launch).map(({ host, url, badge }) => `[![Install in ${host}](${badge})](${url})`);
  const values = Object.keys(launch.env).length > 0 || launch.args.length > 2;
  return [
    badges.join("\n"),
    `Most hosts read this JSON; see below where it goes.${values ? " Put in your own values." : ""}`,
    block({ language: "json", code: standardJson(launch) }),
    httpText(launch),
    ...HOSTS.map((host) => hostText(host, launch, open, remote)),
  ]
    .join("\n\n")
    .replaceAll("{releases}", `${listing.repository.url}/releases`);
}

function httpText({ command, args, env }: Launch): string {
  const variables = Object.entries(env).map(([name, value]) => `${name}=${shellWords([value])} `);
  const start = `${variables.join("")}${shellWords([command, ...args, "--http", String(PORT)])}`;
  const guarded = `export ${TOKEN_VARIABLE}=your-token\n${start}`;
  return [
    `To serve several hosts from one process, run it over HTTP and give them \`${localUrl(PORT)}\`:`,
    block({ language: "sh", code: start }),
    `With a token, every request must carry it. Only then can other machines be served, with \`--http 0.0.0.0:${PORT}\` and the
name that they use in \`--allowed-hosts\`:`,
    block({ language: "sh", code: guarded }),
  ].join("\n\n");
}

const standardJson = (launch: Launch) => prettyJson({ mcpServers: { [launch.key]: entryOf(launch) } });

function hostText(host: Host, launch: Launch, open: Remote, guarded: Remote): string {
  const json = standardJson(launch);
  const http = host.http(guarded);
  const parts = [
    `<details>\n<summary>${host.name}</summary>`,
    ...(host.note ? [host.note] : []),
    ...host
      .stdio(launch)
      .map((snippet) => (snippet.code === json ? `The JSON above goes into ${snippet.file}.` : titled("", snippet))),
    ...(http.length > 0 ? overHttp(http, host.http(open)) : []),
    "</details>",
  ];
  return parts.join("\n\n");
}

/** Both forms of a command, which is short; for a file only the form with a token, whose line is easily deleted. */
function overHttp(guarded: readonly Snippet[], open: readonly Snippet[]): string[] {
  const isCommand = guarded.every(({ language }) => language === "sh");
  if (isCommand) {
    const lines = [...open.map(({ code }) => code), "# with a token", ...guarded.map(({ code }) => code)];
    return [`Over HTTP:\n\n${block({ language: "sh", code: lines.join("\n") })}`];
  }
  const lesser = JSON.stringify(guarded).includes('\\"--header\\"') ? "the last two arguments" : "`headers`";
  return guarded.map((snippet) => titled(`over HTTP; without a token, leave out ${lesser}`, snippet));
}

function titled(words: string, { file, ...snippet }: Snippet): string {
  const line = [file && `in ${file}`, words].filter(Boolean).join(", ");
  return line === "" ? block(snippet) : `${line.charAt(0).toUpperCase()}${line.slice(1)}:\n\n${block(snippet)}`;
}

const block = ({ language, code }: Snippet) => `\`\`\`${language}\n${code}\n\`\`\``;
