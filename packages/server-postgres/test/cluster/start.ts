import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, chown, mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { type Binaries, binariesIn } from "./binaries.ts";

const run = promisify(execFile);

/** A PostgreSQL server of our own. */
export interface Cluster {
  /** The superuser's URL for the database `postgres`. */
  readonly url: string;
  readonly port: number;
  stop(): Promise<void>;
}

/** The user that the server runs as. It refuses root, so root uses `nobody`. */
type Owner = { readonly uid: number; readonly gid: number } | undefined;

const PASSWORD = "superuser";
/** Nothing has to survive a crash, and no test should wait for a disk. */
const FAST = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=64MB"];

/** Starts a fresh server on a free port of 127.0.0.1; `settings` are like `max_connections=20`. A standby has no primary. */
export async function startCluster(settings: readonly string[] = [], isStandby = false): Promise<Cluster> {
  const owner = await ownerOf();
  const folder = await realpath(await mkdtemp(path.join(tmpdir(), "postgres-")));
  const removed = () => rm(folder, { recursive: true, force: true, maxRetries: 5 });
  try {
    const data = path.join(folder, "data");
    await chmod(folder, 0o755);
    await mkdir(data);
    if (owner) await chown(data, owner.uid, owner.gid);
    const binaries = await binariesIn(path.join(folder, "native"));
    await initialize(binaries, data, folder, owner);
    if (isStandby) await writeFile(path.join(data, "standby.signal"), "");
    const port = await freePort();
    const listening = [`port=${port}`, "listen_addresses=127.0.0.1", "unix_socket_directories="];
    const options = [...FAST, ...listening, ...settings].flatMap((setting) => ["-c", setting]);
    const server = spawn(binaries.postgres, ["-D", data, ...options], {
      stdio: ["ignore", "ignore", "pipe"],
      ...owner,
    });
    await ready(server);
    return {
      url: `postgres://postgres:${PASSWORD}@127.0.0.1:${port}/postgres`,
      port,
      async stop() {
        await ended(server);
        await removed();
      },
    };
  } catch (error) {
    await removed();
    throw error;
  }
}

async function initialize({ initdb, postgres }: Binaries, data: string, folder: string, owner: Owner): Promise<void> {
  const secret = path.join(folder, "password");
  await writeFile(secret, PASSWORD);
  const version = Number(/\d+/.exec((await run(postgres, ["--version"])).stdout));
  const locale =
    version >= 17
      ? ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
      : ["--encoding=UTF8", "--locale=C.UTF-8"];
  const users = ["--username=postgres", "--auth=scram-sha-256", `--pwfile=${secret}`];
  await run(initdb, ["-D", data, ...locale, ...users, "--no-sync"], { cwd: folder, ...owner });
}

async function ownerOf(): Promise<Owner> {
  if (process.getuid?.() !== 0) return undefined;
  const id = async (flag: string) => Number((await run("id", [flag, "nobody"])).stdout);
  return { uid: await id("-u"), gid: await id("-g") };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

/** Waits until the server accepts connections. */
async function ready(server: ChildProcess): Promise<void> {
  if (!server.stderr) throw new Error("the server has no stderr");
  const lines: string[] = [];
  for await (const line of createInterface({ input: server.stderr })) {
    lines.push(line);
    if (!/ready to accept (read.only )?connections/.test(line)) continue;
    // Drained, so that it never blocks on a full log.
    server.stderr.resume();
    return;
  }
  throw new Error(`PostgreSQL did not start:\n${lines.join("\n")}`);
}

async function ended(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const exit = once(server, "exit");
  // A fast shutdown, which ends sessions instead of waiting for them.
  server.kill("SIGINT");
  await exit;
}
