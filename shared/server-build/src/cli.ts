import { readFile } from "node:fs/promises";
import process from "node:process";
import { parseArgs } from "node:util";
import { bundle } from "./bundle.ts";
import { checkDocs, writeDocs } from "./docs.ts";
import { Failure, messageOf } from "./failure.ts";
import { stringAt } from "./json.ts";
import { parseObject } from "./manifest.ts";
import { analyze, summarize } from "./summary.ts";

const HELP = `Usage: server-build <command>, in a server's folder

  bundle         bundle src/cli.ts into dist/, with the licences of what is inside
    --analyze    list the biggest inputs as well
  docs           write the generated parts of README.md from src/server.ts, and for a server
                 that registries list also server.json and manifest.json
    --check      write nothing, and fail when one of them differs

  --help, --version
`;

interface Command {
  /** The only switch of the command. */
  readonly option: string;
  /** Does the work in `folder`, and returns the text to print. */
  run(folder: string, option: boolean): Promise<string>;
}

const COMMANDS: Readonly<Record<string, Command>> = {
  bundle: {
    option: "analyze",
    async run(folder, analyzed) {
      const { metafile, warnings } = await bundle(folder);
      for (const warning of warnings) process.stderr.write(`warning: ${warning}\n`);
      return analyzed ? `${summarize(metafile)}\n${analyze(metafile)}\n` : `${summarize(metafile)}\n`;
    },
  },
  docs: { option: "check", run: (folder, check) => (check ? checkDocs(folder) : writeDocs(folder)) },
};

/** Runs the command in `args`. Every failure that the user can fix is a Failure. */
async function main(args: readonly string[]): Promise<string> {
  const [name = "", ...rest] = args;
  if (name === "--help" || rest.includes("--help")) return HELP;
  if (name === "--version") return `${await ownVersion()}\n`;
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) {
    const known = Object.keys(COMMANDS).join(", ");
    throw new Failure(name ? `Unknown command '${name}'. Commands: ${known}.` : `Name a command: ${known}.`, 2);
  }
  return command.run(process.cwd(), readOption(rest, command.option));
}

function readOption(args: readonly string[], option: string): boolean {
  try {
    const { values } = parseArgs({ args: [...args], options: { [option]: { type: "boolean" } } });
    return values[option] === true;
  } catch (error) {
    throw new Failure(`${messageOf(error)} See server-build --help.`, 2);
  }
}

async function ownVersion(): Promise<string> {
  const json = parseObject(await readFile(new URL("../package.json", import.meta.url), "utf8"));
  return (json && stringAt(json, "version")) ?? "unknown";
}

try {
  process.stdout.write(await main(process.argv.slice(2)));
} catch (error) {
  // A bug of ours is printed with its stack, a failure that the user can fix as a message.
  const text = error instanceof Failure ? error.message : error instanceof Error ? error.stack : String(error);
  process.stderr.write(`server-build: ${text}\n`);
  process.exitCode = error instanceof Failure ? error.exitCode : 1;
}
