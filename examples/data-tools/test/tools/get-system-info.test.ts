import { hostname, userInfo } from "node:os";
import { useServer } from "@org/server-kit/testing";
import { expect, test } from "vitest";
import { dataServer } from "../../src/server.ts";

const { ok } = useServer(dataServer);

test("it tells about the machine, and nothing about who uses it", async () => {
  const { value, text } = await ok("get_system_info", {});
  expect(value).toMatchObject({ platform: process.platform, architecture: process.arch, node: process.versions.node });
  expect(text).toContain(`Node.js ${process.versions.node}`);
  const said = JSON.stringify(value);
  for (const secret of [hostname(), userInfo().homedir]) expect(said).not.toContain(`"${secret}"`);
});
