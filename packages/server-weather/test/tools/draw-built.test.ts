import { cpSync, mkdirSync, symlinkSync } from "node:fs";
import { spawn, useCleanup, useFolder } from "@org/server-kit/testing";
import { expect, test } from "vitest";
import { packageFile } from "../../src/package-file.ts";
import { sizeOf } from "../chart/png.ts";
import { startUpstream } from "../upstream/upstream.ts";

const folder = useFolder();
const cleanup = useCleanup();

/** The size of the picture that a built command draws. */
async function drawWith(bin: string): Promise<{ width: number; height: number }> {
  const upstream = await startUpstream();
  cleanup(() => upstream.close());
  const { client, close } = await spawn(bin, { transport: "stdio", era: "2025-11-25", env: upstream.env });
  cleanup(close);
  const { content } = await client.callTool({ name: "draw_weather_chart", arguments: { location: "東京" } });
  const [image] = content;
  if (image?.type !== "image") throw new Error(JSON.stringify(content));
  return sizeOf(Buffer.from(image.data, "base64"));
}

test("the built command finds its font and its renderer", async () => {
  expect(await drawWith(packageFile("dist/cli.js"))).toEqual({ width: 1000, height: 798 });
});

test("where npm installed no native renderer, the portable one draws", async () => {
  for (const part of ["dist", "fonts", "package.json"]) cpSync(packageFile(part), folder.at(part), { recursive: true });
  mkdirSync(folder.at("node_modules/@resvg"), { recursive: true });
  const renderer = "node_modules/@resvg/resvg-wasm";
  symlinkSync(packageFile(renderer), folder.at(renderer), "junction");
  expect(await drawWith(folder.at("dist/cli.js"))).toEqual({ width: 1000, height: 798 });
}, 30_000);
