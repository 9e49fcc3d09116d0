import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import { makeSandbox } from "./sandbox.ts";

const INDEX = new URL("../dist/index.js", import.meta.url).href;
const PRELUDE = `import { openRoot } from ${JSON.stringify(INDEX)};
  const code = (operation) => operation.then(() => "done", (error) => error.code);
  const [dir] = process.argv.slice(-1);`;

/** Runs a script in a mount namespace of its own, after a shell command has changed what is mounted. */
function inNamespace(prepare: string, script: string, dir: string): string {
  const node = [process.execPath, "--input-type=module", "-e", `${PRELUDE}\n${script}`, dir];
  return execFileSync("unshare", ["-rm", "sh", "-c", `${prepare} && exec "$@"`, "sh", ...node])
    .toString()
    .trim();
}

const canMount = spawnSync("unshare", ["-rm", "sh", "-c", "mount -t tmpfs none /mnt"]).status === 0;

test.runIf(canMount)("without /proc, or with one that is not real, paths are checked, and all works", () => {
  const { dir, inside } = makeSandbox();
  writeFileSync(inside("a"), "content");
  const script = `const root = await openRoot(dir);
    await root.write("b", (await root.read("a")).bytes);
    console.log(root.protection, (await root.read("b")).bytes.toString());`;
  expect(inNamespace("mount -t tmpfs none /proc", script, dir)).toBe("checks content");
  const lying = `mount -t tmpfs none /proc && mkdir -p /proc/self/fd && for n in $(seq 0 40); do ln -s ${dir} /proc/self/fd/$n; done`;
  expect(inNamespace(lying, script, dir)).toBe("checks content");
  expect(inNamespace("true", script, dir)).toBe("handles content");
});

test.runIf(canMount)(
  "other file systems inside are served, but nothing is renamed across; an unmounted root is gone",
  () => {
    const { dir, inside } = makeSandbox();
    mkdirSync(inside("mounted"));
    writeFileSync(inside("a"), "x");
    const script = `import { execFileSync } from "node:child_process";
    const root = await openRoot(dir), mounted = await openRoot(dir + "/mounted");
    const said = [await code(root.rename("a", "mounted/a")), await code(root.copy("a", "mounted/a")), await code(mounted.read("a"))];
    execFileSync("umount", ["--lazy", dir + "/mounted"]);
    console.log(...said, await code(mounted.read("a")), await code(mounted.write("b", "")), await code(root.read("a")));`;
    expect(inNamespace(`mount -t tmpfs none ${inside("mounted")}`, script, dir)).toBe("io done done gone gone done");
  },
);

test("a worker thread has the same protection", async () => {
  const { dir, inside } = makeSandbox();
  writeFileSync(inside("a"), "content");
  const script = `const { parentPort, workerData } = require("node:worker_threads");
    import(workerData.index).then(async ({ openRoot }) => {
      const root = await openRoot(workerData.dir);
      parentPort.postMessage([root.protection, (await root.read("a")).bytes.toString()].join(" "));
      await root.close();
    });`;
  const worker = new Worker(script, { eval: true, workerData: { index: INDEX, dir } });
  const [said, ended] = await Promise.all([
    new Promise((resolve) => worker.once("message", resolve)),
    new Promise((resolve) => worker.once("exit", resolve)),
  ]);
  expect({ said, ended }).toEqual({ said: "handles content", ended: 0 });
});
