import { expect, test } from "vitest";
import { type BeneathCode, BeneathError, type Protection, type Root, type RootOptions } from "../src/index.ts";
import { attack, MARKER } from "./attacker.ts";
import { collect, descriptors, makeElsewhere, makeSandbox, opened, rounds, SECRET } from "./sandbox.ts";

const FILES = ["dir/file.txt", "a/b/file.txt", "leaf.txt"];
/** The allowed refusals during an attack; anything else is a defect. */
const REFUSALS: readonly BeneathCode[] = [
  "outside",
  "is_a_link",
  "not_found",
  "not_a_directory",
  "not_a_file",
  "exists",
  "busy",
  "denied",
];
const pick = (index: number) => FILES[index % FILES.length] ?? "";

/**
 * Each operation returns the text that it saw, which must contain nothing forbidden. `other` is a root that nobody
 * attacks, on another file system where there is one.
 */
const OPERATIONS: Readonly<Record<string, (root: Root, index: number, other: Root) => Promise<string>>> = {
  read: async (root, index) => (await root.read(pick(index))).bytes.toString(),
  async open(root, index) {
    await using file = await root.open(pick(index));
    return (await file.read(0, 100)).toString();
  },
  async stat(root, index) {
    const { kind, size } = await root.stat(pick(index));
    return kind === "file" && size === SECRET.length ? SECRET : "";
  },
  list: async (root, index) => (await collect(root.list(index % 2 ? "dir" : "a/b"))).map(({ name }) => name).join(),
  walk: async (root) => (await collect(root.walk("", { stats: true }))).map(({ name }) => name).join(),
  async "write a new file"(root, index) {
    await root.write(`${index % 2 ? "dir" : "a/b"}/new-${index}`, "mine", { durable: false, mode: "create" });
    return "";
  },
  async overwrite(root, index) {
    let seen = "";
    const check = (current: Buffer | undefined) => {
      seen = String(current);
    };
    await root.write(pick(index), "inside", { durable: false, check });
    return seen;
  },
  async "make a directory"(root, index) {
    await root.makeDirectory(`dir/made-${index}/below`, { recursive: true });
    return "";
  },
  async "rename into"(root, index) {
    await root.write(`work/${index}`, "mine", { durable: false });
    await root.rename(`work/${index}`, `dir/moved-${index}`);
    return "";
  },
  async "rename out of"(root, index) {
    await root.rename("dir/victim.txt", `work/${index}`);
    const seen = (await root.read(`work/${index}`)).bytes.toString();
    await putBack(root, index);
    return seen;
  },
  async copy(root, index) {
    await root.copy(pick(index), `work/${index}`);
    return (await root.read(`work/${index}`)).bytes.toString();
  },
  async "copy a tree"(root, index) {
    await root.copy("dir/tree", `work/${index}`);
    const names = (await collect(root.walk(`work/${index}`))).map(({ name }) => name);
    await root.remove(`work/${index}`, { recursive: true });
    return names.join();
  },
  async "copy into"(root, index) {
    await root.copy("work", `dir/copy-${index}`);
    return "";
  },
  async "move to another root"(root, _index, into) {
    await root.rename("dir/victim.txt", "moved", { into });
    const seen = (await into.read("moved")).bytes.toString();
    await into.remove("moved");
    await putBack(root);
    return seen;
  },
  async "move a tree to another root"(root, _index, into) {
    await root.rename("dir/tree", "moved", { into });
    const names = (await collect(into.walk(""))).map(({ name }) => name);
    await into.remove("moved", { recursive: true });
    await untilDone(() => root.makeDirectory("dir/tree/deep", { recursive: true }));
    return names.join();
  },
  async "move from another root"(root, index, other) {
    await other.write("mine", "mine", { durable: false });
    await other.rename("mine", `dir/from-${index}`, { into: root });
    return "";
  },
  async "copy to another root"(root, index, into) {
    await root.copy(pick(index), "copied", { into });
    const seen = (await into.read("copied")).bytes.toString();
    await into.remove("copied");
    return seen;
  },
  async remove(root) {
    await root.remove("dir/victim.txt");
    await putBack(root);
    return "";
  },
  async "remove a tree"(root) {
    await root.remove("dir/tree", { recursive: true });
    await untilDone(() => root.makeDirectory("dir/tree/deep", { recursive: true }));
    return "";
  },
};

/** Restores `dir/victim.txt` as soon as the attacker allows it. */
const putBack = (root: Root, index?: number) =>
  untilDone(() =>
    index === undefined
      ? root.write("dir/victim.txt", "inside", { durable: false })
      : root.rename(`work/${index}`, "dir/victim.txt"),
  );

async function untilDone(operation: () => Promise<unknown>): Promise<void> {
  while (!(await attempt(operation)));
}

async function attempt<T>(operation: () => Promise<T>): Promise<{ readonly value: T } | undefined> {
  try {
    return { value: await operation() };
  } catch (error) {
    if (error instanceof BeneathError && REFUSALS.includes(error.code)) return undefined;
    throw error;
  }
}

async function run(name: string, protection: Protection, least: number, denied?: string) {
  const descriptorsBefore = descriptors();
  const attacked = await attack(denied);
  const judge = (path: string) => (path === denied || path.startsWith(`${denied}/`) ? "denied" : undefined);
  const options: RootOptions = denied === undefined ? {} : { judge };
  const root = await opened(attacked.dir, options, protection);
  const other = await opened(makeElsewhere() ?? makeSandbox().dir, {}, protection);
  const before = attacked.forbiddenNow();
  const operation = OPERATIONS[name] ?? (() => Promise.reject(new Error("no such operation")));
  const count = { done: 0, refused: 0, escaped: 0 };
  // Continues until both outcomes have occurred: an attacker that never interfered has shown nothing.
  for (let index = 0; index < least || count.done === 0 || (name !== "walk" && count.refused === 0); index += 1) {
    const result = await attempt(() => operation(root, index, other));
    if (result) count.done += 1;
    else count.refused += 1;
    if (result?.value.includes(SECRET) || result?.value.includes(MARKER)) count.escaped += 1;
  }
  const swaps = await attacked.stop();
  const damaged = attacked.forbiddenNow() !== before;
  await root.close();
  await other.close();
  if (process.env.HEAVY)
    process.stdout.write(`${protection}, ${name}: ${JSON.stringify({ ...count, damaged, swaps })}\n`);
  return { ...count, damaged, leaked: descriptors() - descriptorsBefore };
}

test.each(Object.keys(OPERATIONS))("%s never reaches outside while directories and links are swapped", async (name) => {
  const { escaped, damaged, leaked } = await run(name, "handles", rounds(150));
  expect({ escaped, damaged, leaked }).toEqual({ escaped: 0, damaged: false, leaked: 0 });
});

test.each(Object.keys(OPERATIONS))(
  "%s never reaches what the judge denies, by links that are swapped in",
  async (name) => {
    const { escaped, damaged, leaked } = await run(name, "handles", rounds(60), "denied");
    expect({ escaped, damaged, leaked }).toEqual({ escaped: 0, damaged: false, leaked: 0 });
  },
);

// Checked paths cannot withstand this attack, but they still guarantee that a file's bytes belong to that file.
test.each(["read", "open", "copy"])("%s by checked paths never returns anything from outside", async (name) => {
  const { escaped, damaged } = await run(name, "checks", 100);
  expect({ escaped, damaged }).toEqual({ escaped: 0, damaged: false });
});

test.runIf(process.env.HEAVY).each(Object.keys(OPERATIONS))("%s by checked paths, measured", async (name) => {
  expect(await run(name, "checks", 3000)).toMatchObject({ leaked: 0 });
});
