import { entryOf, headersOf, type Launch, prettyJson, type Remote, shellWords } from "./launch.ts";

/** A piece of a host's configuration, or a shell command. */
export interface Snippet {
  readonly language: "json" | "yaml" | "sh";
  readonly code: string;
  /** Where it belongs, in Markdown: after "in" or "into". */
  readonly file?: string;
}

export const json = (value: object, file?: string): Snippet => ({
  language: "json",
  code: prettyJson(value),
  ...(file && { file }),
});

export const sh = (...words: readonly string[]): Snippet => ({ language: "sh", code: shellWords(words) });

/** `{ "mcpServers": { "time": … } }`, or the same under another key. */
export const under = (key: string, name: string, entry: object, file?: string) =>
  json({ [key]: { [name]: entry } }, file);

/** A server over HTTP in the form of most hosts, with additional fields for some. */
export const remoteEntry = (remote: Remote, besides: object = {}) => ({
  ...besides,
  url: remote.url,
  ...headersOf(remote),
});

/** Variables as a command's flags: `--env A=1 --env B=2`. */
export const flags = (flag: string, env: Launch["env"]) =>
  Object.entries(env).flatMap(([name, value]) => [flag, `${name}=${value}`]);

/** The token as a command's flag. */
export const bearer = ({ token }: Remote, flag: string) =>
  token === undefined ? [] : [flag, `Authorization: Bearer ${token}`];

/** `host mcp add time --env A=1 -- npx …`, the form of most commands. */
export const added =
  (host: string, ...besides: readonly string[]) =>
  ({ key, command, args, env }: Launch) => [
    sh(host, "mcp", "add", key, ...besides, ...flags("--env", env), "--", command, ...args),
  ];

/** `host mcp add -s user -e A=1 time npx …`: Gemini CLI and its forks, which fail with a `--`. */
export const addedPlain =
  (host: string) =>
  ({ key, command, args, env }: Launch) => [
    sh(host, "mcp", "add", "-s", "user", ...flags("-e", env), key, command, ...args),
  ];

/** The same over HTTP. */
export const reachedPlain = (host: string) => (remote: Remote) => [
  sh(host, "mcp", "add", "-s", "user", "-t", "http", ...bearer(remote, "-H"), remote.key, remote.url),
];

/** `host mcp add --transport http time http://…`. */
export const reached = (host: string) => (remote: Remote) => [
  sh(host, "mcp", "add", "--transport", "http", remote.key, remote.url, ...bearer(remote, "--header")),
];

/** `npx …` for Windows, if a host cannot start a script by its name. */
export const throughCmd = (launch: Launch): Launch => ({
  ...launch,
  command: "cmd",
  args: ["/c", launch.command, ...launch.args],
});

/** An extension in Goose's configuration. JSON is valid YAML, and on one line it needs no rules about quotes. */
export function goose(key: string, extension: object): Snippet {
  const facts = { ...extension, enabled: true, timeout: 300 };
  const lines = Object.entries(facts).map(([name, value]) => `    ${name}: ${JSON.stringify(value)}`);
  const code = ["extensions:", `  ${key}:`, ...lines].join("\n");
  return { language: "yaml", code, file: "`~/.config/goose/config.yaml`" };
}

/** VS Code's own file, which makes it ask for passwords and store them; undefined without passwords. */
export function withInputs(launch: Launch): Snippet[] {
  const asked = launch.secrets.filter((name) => name in launch.env);
  if (asked.length === 0) return [];
  const places = Object.fromEntries(asked.map((name) => [name, `\${input:${name}}`]));
  const entry = { ...entryOf(launch), env: { ...launch.env, ...places } };
  const inputs = asked.map((id) => {
    return { type: "promptString", id, description: `${launch.title}: ${id}`, password: true };
  });
  return [json({ servers: { [launch.key]: entry }, inputs }, "`.vscode/mcp.json`, where VS Code asks for secrets")];
}
