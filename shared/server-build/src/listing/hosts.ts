import { entryOf, headersOf, type Launch, type Remote, TOKEN_VARIABLE } from "./launch.ts";
import {
  added,
  addedPlain,
  bearer,
  goose,
  json,
  reached,
  reachedPlain,
  remoteEntry,
  type Snippet,
  sh,
  throughCmd,
  under,
  withInputs,
} from "./snippets.ts";

/** One host: how to add a server that it starts, and one that is already running. */
export interface Host {
  readonly name: string;
  stdio(launch: Launch): readonly Snippet[];
  /** Empty if the host does not support it. */
  http(remote: Remote): readonly Snippet[];
  /** A note in Markdown; `{releases}` stands for the URL of the repository's releases. */
  readonly note?: string;
}

/** A host that reads `mcpServers` from a file. */
function standard(
  name: string,
  file: string,
  http: (remote: Remote) => object = (remote) => remoteEntry(remote),
): Host {
  return {
    name,
    stdio: (launch) => [under("mcpServers", launch.key, entryOf(launch), file)],
    http: (remote) => [under("mcpServers", remote.key, http(remote), file)],
  };
}

const DESKTOP_FILE = "`claude_desktop_config.json`";

/**
 * In the README's order. `pnpm hosts:check` runs those commands that it can; the others follow the hosts'
 * documentation.
 */
export const HOSTS: readonly Host[] = [
  {
    name: "Amp",
    stdio: added("amp"),
    http: (remote) => [under("amp.mcpServers", remote.key, remoteEntry(remote), "Amp's `settings.json`")],
  },
  {
    name: "Claude Code",
    stdio: added("claude"),
    http: reached("claude"),
    note: "`--scope user` makes it available in all folders, `--scope project` writes `.mcp.json` for everyone who works in this one.",
  },
  {
    name: "Claude Desktop",
    stdio: (launch) => [under("mcpServers", launch.key, entryOf(launch), DESKTOP_FILE)],
    // Its own connectors run on the vendor's machines, which cannot reach the user's.
    http: (remote) => {
      const args = ["-y", "mcp-remote", remote.url, "--allow-http", ...bearer(remote, "--header")];
      return [under("mcpServers", remote.key, { command: "npx", args }, DESKTOP_FILE)];
    },
    note: "Settings, Developer, Edit Config opens the file. Or download the `.mcpb` bundle of a [release]({releases}) and open it: no Node.js is needed.",
  },
  {
    name: "Cline",
    stdio: added("cline", "--yes"),
    http: (remote) => {
      const entry = remoteEntry(remote, { type: "streamableHttp" });
      return [under("mcpServers", remote.key, entry, "`cline_mcp_settings.json`")];
    },
    note: "In VS Code: MCP Servers, Configure, and the JSON above.",
  },
  {
    name: "Codex",
    stdio: added("codex"),
    http: ({ key, url, token }) => {
      const named = token === undefined ? [] : ["--bearer-token-env-var", TOKEN_VARIABLE];
      return [sh("codex", "mcp", "add", key, "--url", url, ...named)];
    },
    note: `Codex reads the token from the variable \`${TOKEN_VARIABLE}\` when it starts.`,
  },
  { name: "Copilot CLI", stdio: added("copilot"), http: reached("copilot") },
  standard("Cursor", "`~/.cursor/mcp.json`"),
  {
    name: "Gemini CLI",
    stdio: addedPlain("gemini"),
    http: reachedPlain("gemini"),
    note: "Without a `--` before `npx`: with it, the command fails.",
  },
  {
    name: "Goose",
    stdio: ({ key, title, command, args, env }) => [
      goose(key, { name: title, type: "stdio", cmd: command, args, envs: env }),
    ],
    http: (remote) => {
      const facts = { name: remote.title, type: "streamable_http", uri: remote.url, ...headersOf(remote) };
      return [goose(remote.key, facts)];
    },
  },
  standard(
    "JetBrains AI Assistant, Junie",
    "the settings under Tools, AI Assistant, Model Context Protocol (Junie: `.junie/mcp/mcp.json`)",
  ),
  standard("Kiro", "`~/.kiro/settings/mcp.json`"),
  standard("LM Studio", "`mcp.json` (in Program, Install, Edit mcp.json)"),
  {
    name: "opencode",
    stdio: added("opencode"),
    http: ({ key, url, token }) => {
      const header = token === undefined ? [] : ["--header", `Authorization=Bearer ${token}`];
      return [sh("opencode", "mcp", "add", key, "--url", url, ...header)];
    },
  },
  { name: "Qwen Code", stdio: addedPlain("qwen"), http: reachedPlain("qwen") },
  standard("Roo Code", "`.roo/mcp.json`", (remote) => remoteEntry(remote, { type: "streamable-http" })),
  {
    name: "VS Code",
    stdio: (launch) => [
      sh("code", "--add-mcp", JSON.stringify({ name: launch.key, ...entryOf(launch) })),
      ...withInputs(launch),
    ],
    http: (remote) => [under("servers", remote.key, remoteEntry(remote, { type: "http" }), "`.vscode/mcp.json`")],
  },
  standard("Warp", "`~/.warp/.mcp.json`"),
  {
    name: "Windows, where a host cannot start npx",
    stdio: (launch) => [json({ mcpServers: { [launch.key]: entryOf(throughCmd(launch)) } })],
    http: () => [],
  },
  standard("Windsurf", "`~/.codeium/windsurf/mcp_config.json`", (remote) => ({
    serverUrl: remote.url,
    ...headersOf(remote),
  })),
  {
    name: "Zed",
    stdio: (launch) => {
      const entry = { ...entryOf(launch), env: launch.env };
      return [under("context_servers", launch.key, entry, "`settings.json`")];
    },
    http: (remote) => [under("context_servers", remote.key, remoteEntry(remote), "`settings.json`")],
    note: "Zed uses tools and prompts; it does not show resources.",
  },
];
