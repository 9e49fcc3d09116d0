import { cpSync, existsSync } from "node:fs";
import { call, spawn, useFolder } from "@org/server-kit/testing";
import { expect, test } from "vitest";

const folder = useFolder({ "package.json": '{"type":"module"}' });

test.skipIf(!existsSync("dist/cli.js"))(
  "where the demo's package is not installed, the calls say how to get it",
  async () => {
    cpSync("dist", folder.at("dist"), { recursive: true });
    await using server = await spawn(folder.at("dist/cli.js"), { args: ["--demo"] });
    const { text } = await call(server.client, "list_tables", {});
    expect(text).toMatch(
      /^unavailable: --demo needs the package .*npx -y -p .* -p .*postgres-demo server-postgres --demo\.$/,
    );
  },
);
