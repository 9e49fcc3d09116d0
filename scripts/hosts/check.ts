import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp } from "node:fs/promises";
import path from "node:path";
import process from "node:process";
import { HOSTS, launchOf, remoteOf } from "@org/server-build/listing";
import { addressOf } from "../lib/address.ts";
import type { Listed } from "../lib/listed.ts";
import { run } from "../lib/run.ts";
import type { CheckedHost, Place } from "./hosts.ts";

const TOKEN = "your-token";

/** A packed server, and its addresses. */
export interface Packed {
  readonly server: Listed;
  readonly tarball: string;
  /** Its address without and with a token. */
  readonly open: string;
  readonly guarded: string;
}

/** The result for one host. */
export interface Finding {
  readonly host: string;
  /** Undefined when npm could not install it. */
  readonly version: string | undefined;
  /** For each way, the servers that the host connected to. */
  readonly connected: Readonly<Record<Way, readonly string[]>>;
  /** Problems, in the host's words. */
  readonly trouble: readonly string[];
}

export const WAYS = ["stdio", "http", "token"] as const;
export type Way = (typeof WAYS)[number];

/** Serves a tarball over HTTP on a free port, as its README says. */
export async function serveTarball(tarball: string, args: readonly string[], place: Place, token?: string) {
  const env = { ...place.env, ...(token && { MCP_HTTP_TOKEN: token }) };
  const words = ["-y", `file:${tarball}`, ...args, "--http", "127.0.0.1:0"];
  const child = spawn("npx", words, { cwd: place.cwd, env, stdio: ["ignore", "ignore", "pipe"], detached: true });
  const stop = async () => {
    if (child.exitCode !== null || child.pid === undefined) return;
    process.kill(-child.pid, "SIGTERM");
    await once(child, "exit");
  };
  return { url: await addressOf(child), stop };
}

/** An empty home below `base`, with the folders that the examples use. */
export async function emptyPlace(base: string, bins: readonly string[], servers: readonly Listed[]): Promise<Place> {
  const home = await mkdtemp(path.join(base, "home-"));
  const cwd = path.join(home, "work");
  await mkdir(cwd);
  const examples = servers.flatMap((server) => launchOf(server).args).filter((arg) => arg.startsWith("~/"));
  for (const example of examples) await mkdir(path.join(home, example.slice(2)), { recursive: true });
  // npm's registry and cache must not depend on the home.
  const npm = Object.entries(process.env).filter(([name]) =>
    /^(?:npm_config_(?:registry|userconfig)|https?_proxy|no_proxy|node_extra_ca_certs)$/i.test(name),
  );
  const own = { HOME: home, USERPROFILE: home, PATH: [...bins, process.env.PATH].join(path.delimiter) };
  const cache = { npm_config_cache: path.join(base, "npm-cache"), npm_config_update_notifier: "false" };
  const userconfig = { npm_config_userconfig: path.join(process.env.HOME ?? "", ".npmrc") };
  return {
    home,
    cwd,
    env: { ...userconfig, ...Object.fromEntries(npm), ...own, ...cache, TERM: "dumb", LANG: "C.UTF-8", CI: "1" },
  };
}

/** Installs a host, adds every server in each way with the README's own commands, and asks it what it is connected to. */
export async function checkHost(host: CheckedHost, packed: readonly Packed[], base: string): Promise<Finding> {
  const folder = path.join(base, host.command);
  await mkdir(folder, { recursive: true });
  const servers = packed.map(({ server }) => server);
  const bin = path.join(folder, "node_modules/.bin");
  const first = await emptyPlace(base, [bin], servers);
  const install = ["install", "--no-audit", "--no-fund", "--loglevel=error", "--prefix", folder, host.package];
  const installed = await run("npm", install, { cwd: folder, env: first.env, timeout: 600_000 });
  const asked = await run(host.command, ["--version"], { cwd: first.cwd, env: first.env });
  const version = installed.code === 0 ? /\d+\.\d+\.\d+\S*?(?=[.\s]|$)/.exec(asked.output)?.[0] : undefined;
  const trouble: string[] = version === undefined ? [installed.output.trim() || asked.output.trim()] : [];
  const connected: Record<Way, readonly string[]> = { stdio: [], http: [], token: [] };
  for (const way of version === undefined ? [] : WAYS) {
    const place = await emptyPlace(base, [bin], servers);
    await host.prepare?.(place);
    const env = way === "token" ? { ...place.env, MCP_HTTP_TOKEN: TOKEN } : place.env;
    for (const one of packed) {
      for (const line of commandsOf(host, one, way)) {
        const { code, output } = await run("sh", ["-c", line], { cwd: place.cwd, env });
        if (code !== 0) trouble.push(`${line}\n${output.trim()}`);
      }
    }
    const keys = servers.map(({ key }) => key);
    const found = await host.connected(keys, { ...place, env });
    connected[way] = found.keys;
    if (found.keys.length < keys.length)
      trouble.push(`${way}: connected with ${found.keys}\n${found.said.trim().slice(-2000)}`);
  }
  return { host: host.name, version, connected, trouble };
}

/** The README's commands, with the tarball in place of the package's name and the free port in place of the shown one. */
function commandsOf({ name }: CheckedHost, { server, tarball, open, guarded }: Packed, way: Way): string[] {
  const host = HOSTS.find((one) => one.name === name);
  const snippets =
    way === "stdio"
      ? host?.stdio(launchOf(server, `file:${tarball}`))
      : host?.http(
          way === "http" ? { key: server.key, title: server.title, url: open } : remoteOf(server, TOKEN, guarded),
        );
  const lines = (snippets ?? []).filter(({ language }) => language === "sh").map(({ code }) => code);
  if (lines.length === 0) throw new Error(`The README has no command of ${name} for ${way}.`);
  return lines;
}
