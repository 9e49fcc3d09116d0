import { ToolError } from "./errors.ts";
import { createLog } from "./log.ts";
import { optionRows, parseOptions, UsageError } from "./options.ts";
import type { Server } from "./server.ts";
import { serveStdio } from "./stdio.ts";

/**
 * Runs a server as this process: reads the command line and the environment, opens the state, and serves
 * over stdio or HTTP until it is told to end. Exit codes: 0 the host is gone, `--help`, `--version`; 2 the
 * command line, the environment or a folder is wrong; 130, 143, 129 signals; 1 a crash.
 */
export async function runServer(server: Server): Promise<void> {
  const { argv, env } = process;
  const args = argv.slice(2);
  const flags = args.includes("--") ? args.slice(0, args.indexOf("--")) : args;
  if (flags.includes("--help") || flags.includes("-h")) return void process.stdout.write(help(server));
  if (flags.includes("--version")) return void process.stdout.write(`${server.version}\n`);
  // Whatever a dependency prints must not end up between the protocol's messages.
  const { error } = console;
  Object.assign(console, { log: error, info: error, debug: error });

  try {
    const settings = parseOptions(server.name, server.options, args, env);
    const { http } = settings;
    const log = createLog(settings.logLevel ?? (http ? "info" : "warning"), settings.logFormat);
    const crash = (error: unknown) => {
      log.error("crash", { stack: error instanceof Error ? error.stack : String(error) });
      log.flush();
      process.exit(1);
    };
    process.on("uncaughtException", crash).on("unhandledRejection", crash);
    process.stderr.on("error", () => undefined);

    const running = await server.open(settings, log);
    if (http === undefined) return serveStdio(running, log);
    const { serveHttp } = await import("./http.ts");
    await serveHttp(running, { ...settings, http }, env.MCP_HTTP_TOKEN, log);
  } catch (error) {
    const ours = error instanceof UsageError || error instanceof ToolError;
    process.stderr.write(
      `${server.name}: ${ours ? error.message : error instanceof Error ? error.stack : String(error)}\n`,
    );
    process.exit(ours ? 2 : 1);
  }
}

function help({ name, version, title, options }: Server): string {
  const rows = optionRows(name, options);
  const [positional] = rows.filter(({ flag }) => !flag.startsWith("--"));
  const show = (common: boolean) =>
    rows
      .filter((row) => row.common === common)
      .map(({ flag, env, default: fallback, description }) => {
        const facts = [fallback === undefined ? [] : `default ${fallback}`, env].flat().join(", ");
        return `  ${flag}\n      ${description} (${facts})\n`;
      })
      .join("");
  const own = show(false);
  return `${name} ${version}: ${title}, a Model Context Protocol server

Usage: ${name}${positional ? ` ${positional.flag}` : ""} [options]

A host starts it and speaks with it over stdin and stdout; --http serves over HTTP instead.
${own && `\nOptions:\n${own}`}
Options of every server:
${show(true)}  --version
  --help

Flags beat the environment, which beats defaults. The token for HTTP is read from MCP_HTTP_TOKEN alone.
`;
}
