import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { type Ended, run } from "../lib/run.ts";

/** Where a host runs: an empty home, a working folder, and environment variables for them. */
export interface Place {
  readonly home: string;
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/** A host from npm, and how to ask it which servers it is connected to. */
export interface CheckedHost {
  /** Its name in the table of `@org/server-build/listing`. */
  readonly name: string;
  readonly package: string;
  readonly command: string;
  /** Before anything is added. */
  prepare?(place: Place): Promise<void>;
  /** The `keys` that it reports as connected, and its output. */
  connected(keys: readonly string[], place: Place): Promise<{ keys: readonly string[]; said: string }>;
}

/** For hosts whose `mcp list` connects to each server and says so in its line: `✓ time: npx … - Connected`. */
function listed(command: string, line: (key: string) => RegExp) {
  return async (keys: readonly string[], { cwd, env }: Place) => {
    const { output } = await run(command, ["mcp", "list"], { cwd, env });
    return { keys: keys.filter((key) => line(key).test(output)), said: output };
  };
}

export const CHECKED: readonly CheckedHost[] = [
  {
    name: "Claude Code",
    package: "@anthropic-ai/claude-code",
    command: "claude",
    connected: listed("claude", (key) => new RegExp(`^${key}: .* Connected$`, "m")),
  },
  { name: "Codex", package: "@openai/codex", command: "codex", connected: askCodex },
  { name: "Copilot CLI", package: "@github/copilot", command: "copilot", connected: askCopilot },
  {
    name: "Gemini CLI",
    package: "@google/gemini-cli",
    command: "gemini",
    // In an untrusted folder, it shows every server as disabled.
    async prepare({ home, cwd }) {
      await mkdir(path.join(home, ".gemini"), { recursive: true });
      await writeFile(path.join(home, ".gemini/trustedFolders.json"), JSON.stringify({ [cwd]: "TRUST_FOLDER" }));
    },
    connected: listed("gemini", (key) => new RegExp(`^✓ ${key}: .* - Connected$`, "m")),
  },
  {
    name: "opencode",
    package: "opencode-ai",
    command: "opencode",
    connected: listed("opencode", (key) => new RegExp(`✓ ${key} +connected`)),
  },
  {
    name: "Qwen Code",
    package: "@qwen-code/qwen-code",
    command: "qwen",
    connected: listed("qwen", (key) => new RegExp(`^✓ ${key}: .* - Connected$`, "m")),
  },
];

/** `codex mcp list` does not connect. Codex's app server for editors does, when asked for the servers' state. */
async function askCodex(keys: readonly string[], { cwd, env }: Place) {
  const clientInfo = { name: "hosts-check", title: "hosts-check", version: "1.0.0" };
  const asked = [
    { id: 0, method: "initialize", params: { clientInfo } },
    { method: "initialized" },
    { id: 1, method: "mcpServerStatus/list", params: {} },
  ];
  const input = asked.map((message) => `${JSON.stringify(message)}\n`).join("");
  const { output } = await run("codex", ["app-server"], { cwd, env, input, until: /^\{"id":1,.*\}$/m });
  const answer = output.split("\n").find((line) => line.startsWith('{"id":1,'));
  const data: readonly { name: string; serverInfo?: { name?: string } | null }[] =
    answer === undefined ? [] : (JSON.parse(answer).result?.data ?? []);
  const found = data.filter(({ serverInfo }) => serverInfo?.name !== undefined).map(({ name }) => name);
  return { keys: keys.filter((key) => found.includes(key)), said: output };
}

/**
 * `copilot mcp list` does not connect either. A session does, before it calls its model: here a missing one, so that no
 * account is needed. Its log says which servers it could initialize.
 */
async function askCopilot(keys: readonly string[], place: Place) {
  const logs = path.join(place.home, "logs");
  const model = { COPILOT_PROVIDER_BASE_URL: "http://127.0.0.1:9/v1", COPILOT_PROVIDER_API_KEY: "none" };
  const env = { ...place.env, ...model, COPILOT_MODEL: "none" };
  const args = [
    "-p",
    "hello",
    "--log-level",
    "debug",
    "--log-dir",
    logs,
    "--disable-builtin-mcps",
    "--allow-all-tools",
  ];
  const ended: Ended = await run("copilot", args, { cwd: place.cwd, env });
  const files = await readdir(logs).catch(() => []);
  const said = (await Promise.all(files.map((file) => readFile(path.join(logs, file), "utf8")))).join("\n");
  const initialized = said.split("\n").filter((line) => line.includes("Service initialized as client"));
  const found = keys.filter((key) => initialized.some((line) => line.includes(`server-${key}\\"`)));
  return { keys: found, said: `${ended.output}\n${initialized.join("\n")}` };
}
