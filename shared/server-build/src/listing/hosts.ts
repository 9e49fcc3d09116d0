import { entryOf, headersOf, type Launch, prettyJson, type Remote, shellWords, TOKEN_VARIABLE } from "./launch.ts";

/** A piece of a host's configuration, or what is typed in a shell. */
export interface Snippet {
  readonly language: "json" | "yaml" | "sh";
  readonly code: string;
  /** Where it belongs, in Markdown: after "in" or "into". */
  readonly file?: string;
}

/** One host: how it is told of a server that it starts, and of one that runs already. */
export interface Host {
  readonly name: string;
  stdio(launch: Launch): readonly Snippet[];
  /** Empty where the host cannot. */
  http(remote: Remote): readonly Snippet[];
  /** What else to know, in Markdown. */
  readonly note?: string;
}

const json = (value: object, file?: string): Snippet => ({
  language: "json",
  code: prettyJson(value),
  ...(file && { file }),
});
const sh = (...words: readonly string[]): Snippet => ({ language: "sh", code: shellWords(words) });

/** `{ "mcpServers": { "time": … } }`, or the like under another key. */
const under = (key: string, name: string, entry: object, file?: string) => json({ [key]: { [name]: entry } }, file);
const flags = (flag: string, env: Launch["env"]) =>
  Object.entries(env).flatMap(([name, value]) => [flag, `${name}=${value}`]);
const bearer = ({ token }: Remote, flag: string) =>
  token === undefined ? [] : [flag, `Authorization: Bearer ${token}`];

/** A host that reads `mcpServers` from a file, and takes a server over HTTP under `url`. */
function standard(name: string, file: string, http: object = {}, note?: string): Host {
  return {
    name,
    stdio: (launch) => [under("mcpServers", launch.key, entryOf(launch), file)],
    http: (remote) => [under("mcpServers", remote.key, { ...http, url: remote.url, ...headersOf(remote) }, file)],
    ...(note && { note }),
  };
}

/** `npx …` as Windows starts it where a host cannot start a script by its name. */
const throughCmd = (launch: Launch): Launch => ({
  ...launch,
  command: "cmd",
  args: ["/c", launch.command, ...launch.args],
});

/** In the order of the README. Commands were run as `docs/hosts.md` says; the rest follows each host's documentation. */
export const HOSTS: readonly Host[] = [
  {
    name: "Amp",
    stdio: ({ key, command, args, env }) => [
      sh("amp", "mcp", "add", key, ...flags("--env", env), "--", command, ...args),
    ],
    http: (remote) => [
      json({ "amp.mcpServers": { [remote.key]: { url: remote.url, ...headersOf(remote) } } }, "Amp's `settings.json`"),
    ],
  },
  {
    name: "Claude Code",
    stdio: ({ key, command, args, env }) => [
      sh("claude", "mcp", "add", key, ...flags("--env", env), "--", command, ...args),
    ],
    http: (remote) => [
      sh("claude", "mcp", "add", "--transport", "http", remote.key, remote.url, ...bearer(remote, "--header")),
    ],
    note: "`--scope user` makes it available in all folders, `--scope project` writes `.mcp.json` for everyone who works in this one.",
  },
  {
    name: "Claude Desktop",
    stdio: (launch) => [under("mcpServers", launch.key, entryOf(launch), "`claude_desktop_config.json`")],
    // Its own connectors are called from Anthropic's machines, which do not reach yours.
    http: (remote) => [
      under(
        "mcpServers",
        remote.key,
        { command: "npx", args: ["-y", "mcp-remote", remote.url, "--allow-http", ...bearer(remote, "--header")] },
        "`claude_desktop_config.json`",
      ),
    ],
    note: "Settings, Developer, Edit Config opens the file. Or download the `.mcpb` bundle of a [release]({releases}) and open it: no Node.js is needed.",
  },
  {
    name: "Cline",
    stdio: ({ key, command, args, env }) => [
      sh("cline", "mcp", "add", key, "--yes", ...flags("--env", env), "--", command, ...args),
    ],
    http: (remote) => [
      under(
        "mcpServers",
        remote.key,
        { type: "streamableHttp", url: remote.url, ...headersOf(remote) },
        "`cline_mcp_settings.json`",
      ),
    ],
    note: "In VS Code: MCP Servers, Configure, and the standard JSON.",
  },
  {
    name: "Codex",
    stdio: ({ key, command, args, env }) => [
      sh("codex", "mcp", "add", key, ...flags("--env", env), "--", command, ...args),
    ],
    http: ({ key, url, token }) => [
      sh(
        "codex",
        "mcp",
        "add",
        key,
        "--url",
        url,
        ...(token === undefined ? [] : ["--bearer-token-env-var", TOKEN_VARIABLE]),
      ),
    ],
    note: `Codex reads the token from the variable \`${TOKEN_VARIABLE}\` when it starts.`,
  },
  {
    name: "Copilot CLI",
    stdio: ({ key, command, args, env }) => [
      sh("copilot", "mcp", "add", key, ...flags("--env", env), "--", command, ...args),
    ],
    http: (remote) => [
      sh("copilot", "mcp", "add", "--transport", "http", remote.key, remote.url, ...bearer(remote, "--header")),
    ],
  },
  standard("Cursor", "`~/.cursor/mcp.json`"),
  {
    name: "Gemini CLI",
    stdio: ({ key, command, args, env }) => [
      sh("gemini", "mcp", "add", "-s", "user", ...flags("-e", env), key, command, ...args),
    ],
    http: (remote) => [
      sh("gemini", "mcp", "add", "-s", "user", "-t", "http", ...bearer(remote, "-H"), remote.key, remote.url),
    ],
    note: "Without a `--` before `npx`: with it, the command fails.",
  },
  {
    name: "Goose",
    stdio: ({ key, title, command, args, env }) => [
      goose(key, { name: title, type: "stdio", cmd: command, args, envs: env, enabled: true, timeout: 300 }),
    ],
    http: (remote) => [
      goose(remote.key, {
        name: remote.title,
        type: "streamable_http",
        uri: remote.url,
        ...headersOf(remote),
        enabled: true,
        timeout: 300,
      }),
    ],
  },
  standard(
    "JetBrains AI Assistant, Junie",
    "the settings under Tools, AI Assistant, Model Context Protocol (Junie: `.junie/mcp/mcp.json`)",
  ),
  standard("Kiro", "`~/.kiro/settings/mcp.json`"),
  standard("LM Studio", "`mcp.json` (in Program, Install, Edit mcp.json)"),
  {
    name: "opencode",
    stdio: ({ key, command, args, env }) => [
      sh("opencode", "mcp", "add", key, ...flags("--env", env), "--", command, ...args),
    ],
    http: (remote) => [
      under(
        "mcp",
        remote.key,
        { type: "remote", url: remote.url, ...headersOf(remote), enabled: true },
        "`opencode.json`",
      ),
    ],
  },
  {
    name: "Qwen Code",
    stdio: ({ key, command, args, env }) => [
      sh("qwen", "mcp", "add", "-s", "user", ...flags("-e", env), key, command, ...args),
    ],
    http: (remote) => [
      sh("qwen", "mcp", "add", "-s", "user", "-t", "http", ...bearer(remote, "-H"), remote.key, remote.url),
    ],
  },
  standard("Roo Code", "`.roo/mcp.json`", { type: "streamable-http" }),
  {
    name: "VS Code",
    stdio: (launch) => [
      sh("code", "--add-mcp", JSON.stringify({ name: launch.key, ...entryOf(launch) })),
      ...(launch.secrets.some((name) => name in launch.env) ? [withInputs(launch)] : []),
    ],
    http: (remote) => [
      under("servers", remote.key, { type: "http", url: remote.url, ...headersOf(remote) }, "`.vscode/mcp.json`"),
    ],
  },
  standard("Warp", "`~/.warp/.mcp.json`"),
  {
    name: "Windows, where a host cannot start npx",
    stdio: (launch) => [under("mcpServers", launch.key, entryOf(throughCmd(launch)))],
    http: () => [],
  },
  {
    ...standard("Windsurf", "`~/.codeium/windsurf/mcp_config.json`"),
    http: (remote) => [
      under(
        "mcpServers",
        remote.key,
        { serverUrl: remote.url, ...headersOf(remote) },
        "`~/.codeium/windsurf/mcp_config.json`",
      ),
    ],
  },
  {
    name: "Zed",
    stdio: (launch) => [
      under("context_servers", launch.key, { ...entryOf(launch), env: launch.env }, "`settings.json`"),
    ],
    http: (remote) => [
      under("context_servers", remote.key, { url: remote.url, ...headersOf(remote) }, "`settings.json`"),
    ],
    note: "Zed uses tools and prompts; it does not show resources.",
  },
];

/** An extension in Goose's configuration. JSON is YAML, and what stands in one line needs no rules about quotes. */
function goose(key: string, extension: object): Snippet {
  const lines = Object.entries(extension).map(([name, value]) => `    ${name}: ${JSON.stringify(value)}`);
  return {
    language: "yaml",
    code: ["extensions:", `  ${key}:`, ...lines].join("\n"),
    file: "`~/.config/goose/config.yaml`",
  };
}

/** VS Code's own file, where it asks for passwords and keeps them. */
function withInputs(launch: Launch): Snippet {
  const asked = launch.secrets.filter((name) => name in launch.env);
  const places = Object.fromEntries(asked.map((name) => [name, `\${input:${name}}`]));
  const entry = { ...entryOf(launch), env: { ...launch.env, ...places } };
  const inputs = asked.map((id) => ({
    type: "promptString",
    id,
    description: `${launch.title}: ${id}`,
    password: true,
  }));
  return json(
    { servers: { [launch.key]: entry }, inputs },
    "`.vscode/mcp.json`, where VS Code asks for what is secret",
  );
}
