import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { bundle } from "../src/bundle.ts";
import { makeFolder } from "./folder.ts";

const run = promisify(execFile);
const server = (source: string) =>
  makeFolder({ "package.json": JSON.stringify({ name: "sample", type: "module" }), "src/cli.ts": source });

test("node:crypto loads when one of its functions is first called, and its functions and classes work as before", async () => {
  const folder = await server(`
    import nodeCrypto, { constants, createHash, Hash, randomBytes } from "node:crypto";
    import { promisify } from "util";
    import { read } from "node:fs";
    const isLoaded = () => process.moduleLoadList.includes("NativeModule crypto");
    const before = isLoaded();
    const hash = createHash("sha256");
    console.log(before, isLoaded(), hash instanceof Hash, hash.update("x").digest("hex").slice(0, 8));
    console.log(randomBytes(4).length, nodeCrypto.createHash("md5").digest("hex").slice(0, 8));
    console.log(promisify.custom in read || typeof promisify(read));
    if (process.argv[2] === "constants") console.log(typeof constants.RSA_PKCS1_PADDING);`);
  await bundle(folder);
  const { stdout } = await run(process.execPath, [path.join(folder, "dist/cli.js"), "constants"]);
  // Exports that are not functions are loaded immediately.
  expect(stdout).toBe("true true true 2d711642\n4 d41d8cd9\nfunction\nnumber\n");
});

test("a start that does not need them loads none of them", async () => {
  const folder = await server(`
    import { randomBytes } from "node:crypto";
    import { inspect } from "node:util";
    import { isUtf8 } from "node:buffer";
    const loaded = () => ["crypto", "worker_threads", "internal/file"].filter((name) =>
      process.moduleLoadList.includes("NativeModule " + name)).join();
    console.log("[" + loaded() + "]", inspect([1]), isUtf8(Buffer.from("ä")), randomBytes(1).length, loaded());`);
  await bundle(folder);
  const { stdout } = await run(process.execPath, [path.join(folder, "dist/server.js")]);
  expect(stdout).toBe("[] [ 1 ] true 1 crypto\n");
});
