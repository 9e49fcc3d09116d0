import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import { makeSandbox } from "./sandbox.ts";

const INDEX = new URL("../dist/index.js", import.meta.url).href;
const PRELUDE = `import { openRoot } from ${JSON.stringify(INDEX)};
  const code = (operation) => operation.then(() => "done", (error) => error.code);
  const [dir] = process.argv.slice(-1);`;

/** Runs a script in its own mount namespace, after a shell command has changed the mounts. */
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

/** Mounts an overlay over a tree at the directory that follows, in its own file system at PLACE. */
const OVERLAY =
  "mount -t tmpfs none $PLACE && mkdir -p $PLACE/lower/tree/sub $PLACE/upper $PLACE/work && printf lower > $PLACE/lower/tree/sub/c && mount -t overlay -o userxattr,lowerdir=$PLACE/lower,upperdir=$PLACE/upper,workdir=$PLACE/work none";

test.runIf(canMount)("other file systems inside are served, and moved to and from; an unmounted root is gone", () => {
  const { dir, inside } = makeSandbox();
  mkdirSync(inside("mounted"));
  mkdirSync(inside("tree"));
  writeFileSync(inside("a"), "x");
  writeFileSync(inside("b"), "x");
  writeFileSync(inside("tree/c"), "x");
  const script = `import { execFileSync } from "node:child_process";
    const root = await openRoot(dir), mounted = await openRoot(dir + "/mounted");
    const said = [
      await code(root.rename("a", "mounted/a")),
      await code(root.stat("a")),
      await code(root.copy("b", "mounted/b")),
      await code(root.rename("tree", "mounted/tree")),
      await code(root.rename("mounted/tree", "mounted/a")),
      await code(root.rename("mounted/tree/c", "b")),
      await code(root.rename("mounted/tree/c", "c")),
      await code(root.rename("mounted", "renamed")),
      await code(mounted.read("a")),
    ];
    execFileSync("umount", ["--lazy", dir + "/mounted"]);
    console.log(...said, await code(mounted.read("a")), await code(mounted.write("b", "")), await code(root.read("c")));`;
  expect(inNamespace(`mount -t tmpfs none ${inside("mounted")}`, script, dir)).toBe(
    "done not_found done done exists exists done busy done gone gone done",
  );
});

test.runIf(canMount)(
  "what is mounted over the folder is served, and nothing in its place once it was unmounted",
  () => {
    const { dir, inside } = makeSandbox();
    writeFileSync(inside("a"), "below");
    const script = `import { execFileSync } from "node:child_process";
    import { writeFileSync } from "node:fs";
    const mount = () => execFileSync("mount", ["-t", "tmpfs", "none", dir]);
    const root = await openRoot(dir);
    const text = async () => (await root.read("a")).bytes.toString();
    const said = [await text()];
    mount();
    writeFileSync(dir + "/a", "mounted");
    said.push(await text(), await code(root.write("b", "mine")));
    execFileSync("umount", ["--lazy", dir]);
    said.push(await code(root.read("a")), await code(root.write("c", "lost")));
    mount();
    said.push(await code(root.read("a")), await code(root.write("a", "again")), await text(), root.protection);
    execFileSync("umount", ["--lazy", dir]);
    console.log(...said, ...(await import("node:fs")).readdirSync(dir));`;
    expect(inNamespace("true", script, dir)).toBe("below mounted done gone gone not_found done again handles a");
  },
);

test.runIf(canMount)("a move or copy names the side whose directory is mounted for reading only", () => {
  const { dir, inside } = makeSandbox();
  for (const name of ["free", "fixed"]) {
    mkdirSync(inside(name));
    writeFileSync(inside(`${name}/file`), "x");
    mkdirSync(inside(`${name}/tree`));
  }
  const script = `const root = await openRoot(dir);
    const failed = (operation) => operation.then(() => "done", ({ code, side, path }) => [code, side, path].join(":"));
    console.log(
      await failed(root.rename("free/file", "fixed/new")),
      await failed(root.rename("free/tree", "fixed/new")),
      await failed(root.copy("free/file", "fixed/new")),
      await failed(root.rename("fixed/file", "free/new")),
      await failed(root.rename("fixed/tree", "free/new")),
    );`;
  const bind = `mount --bind ${inside("fixed")} ${inside("fixed")} && mount -o remount,bind,ro ${inside("fixed")}`;
  expect(inNamespace(bind, script, dir)).toBe(
    "read_only:destination:fixed/new read_only:destination:fixed/new read_only:destination:fixed/new " +
      "read_only:source:fixed/file read_only:source:fixed/tree",
  );
});

const canOverlay =
  spawnSync("unshare", ["-rm", "sh", "-c", `${OVERLAY} /mnt`], { env: { ...process.env, PLACE: "/mnt" } }).status === 0;

test.runIf(canOverlay)("on an overlay, where directories of lower layers cannot be renamed, they are moved", () => {
  const { dir, outside } = makeSandbox();
  const script = `const root = await openRoot(dir);
    const said = [await code(root.rename("tree", "moved")), await code(root.stat("tree"))];
    const names = [];
    for await (const { path } of root.walk("")) names.push(path);
    console.log(...said, ...names.sort(), (await root.read("moved/sub/c")).bytes.toString());`;
  const said = inNamespace(`PLACE=${outside} && ${OVERLAY} ${dir}`, script, dir);
  expect(said).toBe("done not_found moved moved/sub moved/sub/c lower");
});

/** A program that mounts a file system which never answers; undefined without a compiler or FUSE. */
function silentMount(folder: string): string | undefined {
  const program = path.join(folder, "silent");
  const source = fileURLToPath(new URL("fixtures/silent.c", import.meta.url));
  if (spawnSync("cc", ["-o", program, source]).status !== 0) return undefined;
  const mountable = spawnSync("unshare", ["-rm", program, folder, "true"]).status === 0;
  return mountable ? program : undefined;
}

test.runIf(canMount)(
  "a file system that does not answer, or a path that cannot be, is an error and no wait",
  (context) => {
    const { dir, outside } = makeSandbox();
    const program = silentMount(outside);
    if (program === undefined) return context.skip();
    // Node itself waits for the pending system call when it exits.
    const script = `const said = [await code(openRoot("/proc/nope/x")), await code(openRoot("/proc/self/mem")), await code(openRoot(dir))];
    process.stdout.write(said.join(" "), () => process.kill(process.pid, "SIGKILL"));`;
    const node = [process.execPath, "--input-type=module", "-e", `${PRELUDE}\n${script}`, dir];
    const { stdout } = spawnSync("unshare", ["-rm", program, dir, ...node]);
    expect(stdout.toString()).toBe("not_found not_a_directory io");
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
