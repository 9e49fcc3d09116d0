import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { silent, useCleanup } from "@org/server-kit/testing";
import { describe, expect, inject, test } from "vitest";
import { openDatabases } from "../../src/connection/databases.ts";
import { readSettings } from "../../src/connection/settings.ts";
import { findPassword } from "../../src/libpq/passfile.ts";
import { findService } from "../../src/libpq/service.ts";
import { startCluster } from "../cluster/start.ts";
import { useDatabase } from "../postgres.ts";

const database = useDatabase("CREATE TABLE t (a int)");
const cleanup = useCleanup();
const never = new AbortController().signal;

async function fileWith(text: string, mode = 0o600): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "libpq-"));
  cleanup(() => rm(folder, { recursive: true, force: true }));
  const file = path.join(folder, "file");
  await writeFile(file, text);
  await chmod(file, mode);
  return file;
}

function connect(env: Readonly<Record<string, string>>) {
  const options = { database: [], demo: false, schemas: [], poolSize: 1, connectTimeout: 10_000, timeoutMs: 30_000 };
  const databases = openDatabases(options, env, silent);
  cleanup(() => databases.close());
  return (sql: string) =>
    databases.find(undefined).read(never, async (session) => (await session.answer(sql)).rows[0]?.[0]);
}

/** The reader's URL without its password, with parameters. */
function withoutPassword(parameters: Readonly<Record<string, string>>): string {
  const url = new URL(database.readerUrl);
  url.password = "";
  for (const [key, value] of Object.entries(parameters)) url.searchParams.set(key, value);
  return url.href;
}

describe("the password file", () => {
  const account = { host: "db.example", port: 5432, database: "shop", user: "me" };

  test.each([
    ["db.example:5432:shop:me:secret", "secret"],
    ["*:*:*:*:secret", "secret"],
    ["# db.example:5432:shop:me:no\n\nother:5432:shop:me:no\r\ndb.example:*:shop:me:first\n*:*:*:*:second", "first"],
    [String.raw`*:*:*:*:a\:b\\c`, String.raw`a:b\c`],
    ["*:*:*:*:a@b/c#d", "a@b/c#d"],
    ["db.example:5433:shop:me:no", undefined],
    ["db.example:5432:shop:you:no", undefined],
    ["db.example:5432:shop", undefined],
  ])("%j gives %j", (text, password) => {
    expect(findPassword(text, account)).toBe(password);
  });

  test("a Unix socket matches localhost, or its directory", () => {
    const socket = { ...account, host: "/run/postgresql" };
    expect(findPassword("localhost:5432:shop:me:a", socket)).toBe("a");
    expect(findPassword("/run/postgresql:5432:shop:me:b", socket)).toBe("b");
  });

  test("opens the connection, by passfile and by PGPASSFILE", async () => {
    const passfile = await fileWith(`*:*:*:${database.reader}:reader\n`);
    expect(await connect({ DATABASE_URL: withoutPassword({ passfile }) })("SELECT 1")).toBe("1");
    expect(await connect({ DATABASE_URL: withoutPassword({}), PGPASSFILE: passfile })("SELECT 1")).toBe("1");
  });

  test.skipIf(process.platform === "win32")("is ignored with a message when others may read it", async () => {
    const passfile = await fileWith("*:*:*:*:reader\n", 0o644);
    const ask = connect({ DATABASE_URL: withoutPassword({ passfile }) });
    await expect(ask("SELECT 1")).rejects.toThrow(/others may read it\. Give it the mode 0600/);
  });
});

describe("a service", () => {
  const FILE =
    "# ours\n[other]\nhost=no\n\n[shop]\nhost = db.example\n# port=1\nport=6000\ndbname=shop\n[last]\nuser=x\n";

  test("consists of the lines below its name", () => {
    expect(findService(FILE, "shop")).toEqual({ host: "db.example", port: "6000", dbname: "shop" });
    expect(findService(FILE, "none")).toBeUndefined();
  });

  test("takes precedence over the PG* variables, but not over given parameters", async () => {
    const PGSERVICEFILE = await fileWith(FILE);
    const env = { PGSERVICEFILE, PGSERVICE: "shop", PGPORT: "1", PGUSER: "me" };
    expect(readSettings(undefined, "DATABASE_URL", env, 1000)).toMatchObject({
      hosts: [{ host: "db.example", port: 6000 }],
      database: "shop",
      user: "me",
    });
    const url = "postgres:///mine?service=shop";
    expect(readSettings(url, "DATABASE_URL", env, 1000)).toMatchObject({ database: "mine", hosts: [{ port: 6000 }] });
    expect(() => readSettings("service=none", "DATABASE_URL", env, 1000)).toThrow(/no service "none"/);
  });
});

test("application_name is seen in pg_stat_activity", async () => {
  const ask = connect({ DATABASE_URL: `${database.readerUrl}?application_name=reports` });
  expect(await ask("SELECT application_name FROM pg_stat_activity WHERE pid = pg_backend_pid()")).toBe("reports");
});

test.each(["hostaddr=10.0.0.1", "sslcrl=crl.pem", "require_auth=scram-sha-256", "gssencmode=require"])(
  "%s is said to be unsupported, by name",
  (parameter) => {
    const read = () => readSettings(`postgres://h/d?${parameter}`, "DATABASE_URL", {}, 1000);
    expect(read).toThrow(new RegExp(`${parameter.split("=")[0]} is not supported`));
  },
);

test("target_session_attrs selects among several hosts", async () => {
  const standby = await startCluster([], true);
  cleanup(() => standby.stop());
  const primary = new URL(inject("postgresUrl"));
  // Both have a superuser, with different passwords.
  const passfile = await fileWith(
    `*:${standby.port}:*:*:superuser\n*:${primary.port}:*:*:${decodeURIComponent(primary.password)}\n`,
  );
  const hosts = `${primary.host},127.0.0.1:${standby.port}`;
  const found = (wanted: string) =>
    connect({
      DATABASE_URL: `postgresql://${primary.username}@${hosts}/postgres?passfile=${passfile}&target_session_attrs=${wanted}`,
    })("SELECT pg_is_in_recovery()");
  expect(await found("any")).toBe("f");
  expect(await found("primary")).toBe("f");
  expect(await found("read-write")).toBe("f");
  expect(await found("standby")).toBe("t");
  expect(await found("prefer-standby")).toBe("t");
  const only = connect({ DATABASE_URL: `${primary.href}?target_session_attrs=standby` });
  await expect(only("SELECT 1")).rejects.toThrow(/no host answers that is standby, as target_session_attrs wants/);
  const preferred = connect({ DATABASE_URL: `${primary.href}?target_session_attrs=prefer-standby` });
  expect(await preferred("SELECT pg_is_in_recovery()")).toBe("f");
});
