import { silent, useCleanup } from "@org/server-kit/testing";
import { describe, expect, inject, test } from "vitest";
import { openDatabases } from "../../src/connection/databases.ts";
import { certificate, startTlsProxy, type TlsProxyOptions } from "./tls-proxy.ts";

const cleanup = useCleanup();

/** The result of connecting with these parameters to such a server: `connected`, or the error. */
async function outcome(parameters: string, options: TlsProxyOptions, host = "localhost") {
  const server = new URL(inject("postgresUrl"));
  const proxy = await startTlsProxy(server.href, options);
  const url = `postgres://${server.username}:${server.password}@${host}:${proxy.port}/postgres?${parameters}`;
  const settings = { database: [], demo: false, schemas: [], poolSize: 1, connectTimeout: 10_000, timeoutMs: 30_000 };
  const databases = openDatabases(settings, { DATABASE_URL: url }, silent);
  cleanup(async () => {
    await databases.close();
    proxy.close();
  });
  const read = databases
    .find(undefined)
    .read(new AbortController().signal, (session) => session.rows("SELECT 1 AS one"));
  const said = await read.then(
    () => "connected",
    (error: unknown) => String(error),
  );
  expect(said).not.toContain(server.password);
  return { said, asked: proxy.asked };
}

const CA = `sslrootcert=${certificate("ca.pem")}`;

describe("against a server with TLS", () => {
  test.each([
    ["sslmode=disable", "localhost", "connected", ["plain"]],
    ["sslmode=allow", "localhost", "connected", ["plain"]],
    ["", "self", "connected", ["tls"]],
    ["sslmode=prefer", "self", "connected", ["tls"]],
    ["sslmode=require", "self", "connected", ["tls"]],
    ["sslmode=require", "elsewhere", "connected", ["tls"]],
    ["sslmode=no-verify", "self", "connected", ["tls"]],
    [`sslmode=verify-ca&${CA}`, "localhost", "connected", ["tls"]],
    [`sslmode=verify-ca&${CA}`, "elsewhere", "connected", ["tls"]],
    [`sslmode=verify-full&${CA}`, "localhost", "connected", ["tls"]],
  ])("%s with the certificate %s connects", async (parameters, name, said, asked) => {
    expect(await outcome(parameters, { name })).toEqual({ said, asked });
  });

  test("an address is checked as well as a name", async () => {
    expect((await outcome(`sslmode=verify-full&${CA}`, { name: "localhost" }, "127.0.0.1")).said).toBe("connected");
  });

  test.each([
    [`sslmode=verify-full&${CA}`, "elsewhere", /name check of sslmode=verify-full failed.*verify-ca/],
    [`sslmode=verify-full&${CA}`, "self", /chain check of sslmode=verify-full failed.*sslrootcert/],
    [`sslmode=verify-ca&${CA}`, "self", /chain check of sslmode=verify-ca failed.*sslmode=require/],
    // libpq: with a CA file, require checks the chain.
    [`sslmode=require&${CA}`, "self", /chain check of sslmode=require failed/],
    ["sslmode=verify-ca", "localhost", /chain check/],
    ["sslmode=verify-full&sslrootcert=/no/such/file", "localhost", /sslrootcert: its file cannot be read/],
  ])("%s with the certificate %s says which check failed", async (parameters, name, message) => {
    const { said, asked } = await outcome(parameters, { name });
    expect(said).toMatch(message);
    // And nothing is tried without TLS afterwards.
    expect(asked).toEqual(["tls"]);
  });

  test("prefer does not fall back to plain text when the handshake fails", async () => {
    const { said, asked } = await outcome("sslmode=prefer", { name: "localhost", isBroken: true });
    expect(said).toMatch(/Nothing was sent without it/);
    expect(asked).toEqual(["tls"]);
  });

  test("a client certificate is sent, and asked for when it is missing", async () => {
    const keys = `sslcert=${certificate("client.pem")}&sslkey=${certificate("client.key")}`;
    expect((await outcome(`sslmode=verify-full&${CA}&${keys}`, { name: "localhost", wantsClient: true })).said).toBe(
      "connected",
    );
    expect((await outcome(`sslmode=verify-full&${CA}`, { name: "localhost", wantsClient: true })).said).toMatch(
      /sslcert/,
    );
  });
});

describe("against a server without TLS", () => {
  test.each(["", "sslmode=prefer", "sslmode=disable", "sslmode=allow"])("%s connects", async (parameters) => {
    expect((await outcome(parameters, {})).said).toBe("connected");
  });
  test.each(["require", "verify-ca", "verify-full"])("%s says so", async (mode) => {
    expect((await outcome(`sslmode=${mode}`, {})).said).toMatch(
      new RegExp(`does not offer TLS, and sslmode is ${mode}`),
    );
  });
});
