import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readSettings } from "../../src/connection/settings.ts";

const read = (url: string | undefined, env: Readonly<Record<string, string>> = {}) =>
  readSettings(url, "DATABASE_URL", env, 10_000);

describe("a URL", () => {
  test.each([
    ["postgres://u:p@h:1234/d", { user: "u", password: "p", database: "d", hosts: [{ host: "h", port: 1234 }] }],
    ["postgresql://u@h/d", { user: "u", password: undefined, hosts: [{ host: "h", port: 5432 }] }],
    ["postgres://u:p%40ss@h/d", { password: "p@ss" }],
    ["postgres://u:p@ss@h/d", { password: "p@ss", hosts: [{ host: "h", port: 5432 }] }],
    [
      "postgres://u:a/b#c?d%e:f@h:5433/d",
      { password: "a/b#c?d%e:f", database: "d", hosts: [{ host: "h", port: 5433 }] },
    ],
    ["postgres://u:100%@h/d", { password: "100%" }],
    ["postgres://u:p@h/Kunden-DB", { database: "Kunden-DB" }],
    ["postgres://u:p@h/my%20db", { database: "my db" }],
    ["postgres://u:p@[::1]:5433/d", { hosts: [{ host: "::1", port: 5433 }] }],
    [
      "postgres://u:p@a:1,b:2/d",
      {
        hosts: [
          { host: "a", port: 1 },
          { host: "b", port: 2 },
        ],
      },
    ],
    [
      "postgres:///d?host=/var/run/postgresql&user=u",
      { user: "u", hosts: [{ host: "/var/run/postgresql", port: 5432 }] },
    ],
    ["postgres://u:p@%2Fvar%2Frun/d", { hosts: [{ host: "/var/run", port: 5432 }] }],
    ["postgres://u:p@h/d?sslmode=verify-full&sslrootcert=/ca.pem", { sslMode: "verify-full", rootCert: "/ca.pem" }],
    ["postgres://u:p@h/d?sslmode=no-verify", { sslMode: "require", neverVerify: true }],
    ["postgres://u:p@h/d?ssl=true", { sslMode: "require" }],
    [
      "postgres://u:p@h/d?channel_binding=require&connect_timeout=3",
      { requiresChannelBinding: true, connectTimeoutMs: 3000 },
    ],
    ["postgres://u:p@h/d?schema=public&pgbouncer=true", { database: "d" }],
    [
      "host=h port=5433 dbname='my db' user=u password='it\\'s'",
      { database: "my db", password: "it's", hosts: [{ host: "h", port: 5433 }] },
    ],
  ])("%s", (url, expected) => {
    expect(read(url)).toMatchObject(expected);
  });

  test("any user, password and database survive encoding", () => {
    const text = fc.string({ minLength: 1, unit: "grapheme" });
    fc.assert(
      fc.property(text, text, text, (user, password, database) => {
        const [u, p, d] = [user, password, database].map(encodeURIComponent);
        expect(read(`postgres://${u}:${p}@db.example:6543/${d}?sslmode=require`)).toMatchObject({
          user,
          password,
          database,
        });
      }),
    );
  });

  test("a password of special characters needs no encoding before a plain host", () => {
    const password = fc
      .string({ unit: fc.constantFrom(..."@:/#?%&=+ !$abc09"), minLength: 1 })
      .filter((each) => !/%[\da-f]{2}/i.test(each));
    fc.assert(
      fc.property(password, (each) => {
        expect(read(`postgres://user:${each}@db.example:6543/shop`)).toMatchObject({
          user: "user",
          password: each,
          database: "shop",
        });
      }),
    );
  });

  test.each([
    "postgres://user:hunter2@host:port/db",
    "postgres://user:hunter2@ho st/db",
    "mysql://user:hunter2@host/db",
    "postgres://user:hunter2@host:99999/db",
    "postgres://user:hunter2@host/db?sslmode=sometimes",
    "hunter2",
    "host='hunter2",
  ])("%s is refused, and never shown", (url) => {
    expect(() => read(url)).toThrow(/DATABASE_URL/);
    try {
      read(url);
    } catch (error) {
      expect(String(error)).not.toContain("hunter2");
    }
  });

  test("the PG* variables supply what is missing", () => {
    const env = {
      PGHOST: "db",
      PGPORT: "6000",
      PGUSER: "me",
      PGPASSWORD: "p@/#",
      PGDATABASE: "shop",
      PGSSLMODE: "require",
    };
    expect(read(undefined, env)).toMatchObject({
      user: "me",
      password: "p@/#",
      database: "shop",
      hosts: [{ host: "db", port: 6000 }],
    });
    expect(read("postgres://you@h/d", env)).toMatchObject({
      user: "you",
      password: "p@/#",
      database: "d",
      sslMode: "require",
    });
  });
});
