import { setImmediate as immediate } from "node:timers/promises";
import { parseOptions } from "./command-line.ts";
import { ToolError } from "./errors.ts";
import { createLog, type Sink } from "./log.ts";
import { optionRows } from "./options.ts";
import type { Server } from "./server.ts";
import { serveStdio } from "./stdio.ts";

/**
 * Runs a server as this process: reads the command line and the environment, opens the state, and serves over stdio or
 * HTTP until it has to end. Exit codes: 0 when the host is gone, `--help`, `--version`; 2 when the command line, the
 * environment or a folder is wrong; 130, 143, 129 for signals; 1 for a crash.
 */
export function runServer(server: Server): void {
  const args = process.argv.slice(2);
  const flags = args.includes("--") ? args.slice(0, args.indexOf("--")) : args;
  if (flags.some((flag) => /^(-h$|--help(=|$))/.test(flag))) process.stdout.write(help(server));
  else if (flags.some((flag) => /^--version(=|$)/.test(flag))) process.stdout.write(`${server.version}\n`);
  else {
    const fail = (error: unknown, end: () => void) => {
      const ours = error instanceof ToolError;
      const reason = ours ? error.message : `unexpected ${error instanceof Error ? error.stack : error}`;
      // The reason comes last, after the log's pending lines.
      process.on("exit", () => {
        process.exitCode = ours ? 2 : 1;
        process.stderr.write(`${server.name}: ${reason}\n`);
      });
      end();
    };
    const crash = (error: unknown) => fail(error, process.exit);
    process.on("uncaughtException", crash).on("unhandledRejection", crash);
    serve(server, args, fail).catch(crash);
  }
}

async function serve(server: Server, args: readonly string[], fail: Parameters<typeof serveStdio>[2]): Promise<void> {
  const { env, stderr } = process;
  // Output of dependencies must not end up between the protocol's messages.
  const { error } = console;
  Object.assign(console, { log: error, info: error, debug: error });
  // A host may close our stderr, which must not end the server.
  stderr.on("error", () => undefined);
  const settings = parseOptions(server.name, server.options, args, env);
  const { http } = settings;
  // Over HTTP, the first line on stderr is the address, so earlier log lines wait.
  const held: Sink = { write: () => false, writableLength: Number.POSITIVE_INFINITY, once: () => undefined };
  let sink: Sink = http === undefined ? stderr : held;
  const log = createLog(settings.logLevel ?? (http ? "info" : "warning"), settings.logFormat, () => sink);
  const release = () => {
    sink = stderr;
    log.flush();
  };
  process.on("exit", release);
  // The host's first message is read in the first turn of the event loop, and answered in the second; `open` follows.
  const before = http === undefined ? immediate().then(() => immediate()) : undefined;
  const running = server.open(settings, log, before);
  if (http === undefined) return serveStdio(running, log, fail);
  await running.opened;
  const { serveHttp } = await import("./http/serve.ts");
  await serveHttp(running, { ...settings, http }, env.MCP_HTTP_TOKEN || undefined, log);
  release();
}

function help({ name, version, title, options }: Server): string {
  const rows = optionRows(name, options);
  const positional = rows.find(({ flag }) => flag.startsWith("["));
  const show = (common: boolean) =>
    rows
      .filter((row) => row.common === common)
      .map(({ flag, env, description, default: by }) => {
        return `  ${flag || env}\n      ${description} (${by ? `default ${by}, ` : ""}${env})\n`;
      })
      .join("");
  const own = show(false);
  return `${name} ${version}: ${title}, a Model Context Protocol server

Usage: ${name} ${positional ? `${positional.flag} ` : ""}[options]

A host starts it and talks to it over stdin and stdout. With --http it serves over HTTP instead.

${own && `Options:\n${own}\n`}Common options:
${show(true)}  --version
  --help

Flags override the environment, which overrides defaults. The HTTP token is read from MCP_HTTP_TOKEN alone.
`;
}
