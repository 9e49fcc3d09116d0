import {
  closeSync,
  existsSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { BeneathError, type Judge, openRoot, type Root, type RootOptions } from "../../src/index.ts";
import { descriptors, fill, makeElsewhere, makeSandbox, opened, outcome, refusal } from "../sandbox.ts";

const places = { "the same file system": () => makeSandbox().dir, "another file system": makeElsewhere };

describe.each(["handles", "checks"] as const)("with %s", (protection) => {
  describe.each(Object.entries(places))("on %s", (_name, makePlace) => {
    /** Two roots; undefined where there is no second file system. */
    async function two(first: RootOptions = {}, second: RootOptions = {}) {
      const { dir, inside } = makeSandbox();
      const place = makePlace();
      if (place === undefined) return undefined;
      const root = await opened(dir, first, protection);
      const into = await opened(place, second, protection);
      return { dir, inside, place, there: (name: string) => path.join(place, name), root, into };
    }

    test("files, trees and links are moved into another root, with their modes and times", async (context) => {
      const both = await two();
      if (!both) return context.skip();
      const { dir, inside, place, there, root, into } = both;
      fill(inside);
      const before = descriptors();
      for (const name of ["a", "tree", "link", "empty"]) {
        expect([name, await refusal(root.rename(name, `moved-${name}`, { into }))]).toEqual([name, "done"]);
      }
      expect(readdirSync(dir)).toEqual([]);
      expect(readdirSync(place).toSorted()).toEqual(["moved-a", "moved-empty", "moved-link", "moved-tree"]);
      expect(readFileSync(there("moved-a"), "utf8")).toBe("a".repeat(600_000));
      expect(readlinkSync(there("moved-link"))).toBe("tree");
      expect(readdirSync(there("moved-tree/sub")).toSorted()).toEqual(["c", "link"]);
      expect(readlinkSync(there("moved-tree/sub/link"))).toBe("../../../nowhere");
      expect(statSync(there("moved-tree/b")).mode & 0o7777).toBe(0o600);
      expect(statSync(there("moved-a")).mode & 0o777).toBe(0o750);
      for (const name of ["moved-a", "moved-tree", "moved-tree/sub", "moved-tree/sub/c"]) {
        expect([name, statSync(there(name)).mtimeMs]).toEqual([name, 1_000_000_000_250]);
      }
      expect(await refusal(into.rename("moved-tree", "tree", { into: root }))).toBe("done");
      expect(readFileSync(inside("tree/sub/c"), "utf8")).toBe("c");
      expect(descriptors()).toBe(before);
    });

    test("files and trees are copied into another root", async (context) => {
      const both = await two({ readOnly: true });
      if (!both) return context.skip();
      const { inside, place, there, root, into } = both;
      fill(inside);
      for (const name of ["a", "tree"]) expect(await refusal(root.copy(name, name, { into }))).toBe("done");
      expect(readdirSync(place).toSorted()).toEqual(["a", "tree"]);
      expect(statSync(there("a")).mode & 0o7777).toBe(0o750);
      expect(readFileSync(there("tree/sub/c"), "utf8")).toBe("c");
      expect(await refusal(root.rename("a", "b", { into }))).toBe("read_only a");
      expect(existsSync(inside("a"))).toBe(true);
    });

    test("nothing is overwritten, and an error about the destination names its path", async (context) => {
      const both = await two();
      if (!both) return context.skip();
      const { dir, inside, place, there, root, into } = both;
      fill(inside);
      mkdirSync(there("dir"));
      writeFileSync(there("file"), "mine");
      symlinkSync("/etc", there("out"));
      const closed = await openRoot(place);
      await closed.close();
      const readOnly = await opened(place, { readOnly: true }, protection);
      for (const operation of ["rename", "copy"] as const) {
        const done = (from: string, to: string, other: Root = into) =>
          refusal(root[operation](from, to, { into: other }));
        for (const from of ["a", "tree"]) {
          for (const to of ["dir", "file", "out"]) expect(await done(from, to)).toBe(`exists ${to}`);
          expect(await done(from, "no/such")).toBe("not_found no/such");
          expect(await done(from, "file/x")).toBe("not_a_directory file/x");
          expect(await done(from, "out/x")).toBe("outside out/x");
          expect(await done(from, "../x")).toBe("outside ../x");
          expect(await done(from, "new", readOnly)).toBe("read_only new");
          expect(await done(from, "new", closed)).toBe("gone new");
        }
        expect(await done("missing", "new")).toBe("not_found missing");
      }
      expect(readdirSync(place).toSorted()).toEqual(["dir", "file", "out"]);
      expect(readFileSync(there("file"), "utf8")).toBe("mine");
      expect(readdirSync(dir)).toEqual(["a", "empty", "link", "tree"]);
      const impostor = { ...into };
      await expect(root.rename("a", "b", { into: impostor })).rejects.toThrow(TypeError);
    });

    test("errors say which side failed, even when both sides have the same path", async (context) => {
      const both = await two();
      if (!both) return context.skip();
      const { inside, there, root, into } = both;
      fill(inside);
      mkdirSync(inside("x"));
      mkdirSync(there("x"));
      writeFileSync(there("x/a"), "theirs");
      writeFileSync(there("file"), "theirs");
      writeFileSync(inside("x/a"), "mine");
      for (const operation of ["rename", "copy"] as const) {
        const failed = async (from: string, to: string) => {
          const error = await root[operation](from, to, { into }).catch((reason: unknown) => reason);
          return error instanceof BeneathError ? `${error.code} ${error.side} ${error.path}` : "done";
        };
        expect(await failed("x/a", "x/a")).toBe("exists destination x/a");
        expect(await failed("no/a", "no/a")).toBe("not_found source no/a");
        expect(await failed("../a", "../a")).toBe("outside source ../a");
        expect(await failed("a", "../a")).toBe("outside destination ../a");
        expect(await failed("a", `${"n".repeat(300)}`)).toBe(`name destination ${"n".repeat(300)}`);
        expect(await failed("a", "file/a")).toBe("not_a_directory destination file/a");
        expect(await failed("a/b", "free")).toBe("not_a_directory source a/b");
        expect(await failed("x", "")).toBe(operation === "copy" ? "exists destination " : "name destination ");
      }
      const error = await root.rename("", "free", { into }).catch((reason: unknown) => reason);
      expect(error).toMatchObject({ code: "name", side: "source", path: "" });
      const alone = await root.read("missing").catch((reason: unknown) => reason);
      expect(alone).toMatchObject({ code: "not_found", side: undefined });
    });

    test("both judges are asked", async (context) => {
      const deny =
        (pattern: RegExp): Judge =>
        (name, access) =>
          pattern.test(name) ? "denied" : access === "write" && name.startsWith("fixed") ? "read_only" : undefined;
      const both = await two({ judge: deny(/^tree\/sub\/c/) }, { judge: deny(/(?:^|\/)(?:a|b)$/) });
      if (!both) return context.skip();
      const { dir, inside, place, root, into } = both;
      fill(inside);
      for (const operation of ["rename", "copy"] as const) {
        expect(await refusal(root[operation]("tree", "x", { into }))).toBe("denied x");
        expect(await refusal(root[operation]("tree/sub", "x", { into }))).toBe("denied tree/sub");
        expect(await refusal(root[operation]("a", "a", { into }))).toBe("denied a");
        expect(await refusal(root[operation]("a", "fixed", { into }))).toBe("read_only fixed");
      }
      expect(readdirSync(dir)).toEqual(["a", "empty", "link", "tree"]);
      expect(readdirSync(place)).toEqual([]);
      expect(await refusal(root.rename("a", "c", { into }))).toBe("done");
    });

    test("of many moves to one name, one succeeds and nothing is lost", async (context) => {
      const both = await two();
      if (!both) return context.skip();
      const { dir, inside, place, root, into } = both;
      for (const kind of ["f", "d"]) {
        const names = Array.from({ length: 10 }, (_, index) => `${kind}${index}`);
        for (const name of names) kind === "f" ? writeFileSync(inside(name), name) : mkdirSync(inside(name));
        const results = await Promise.all(names.map((name) => outcome(root.rename(name, kind, { into }))));
        expect(results.filter((result) => result === "done")).toHaveLength(1);
        expect(results.filter((result) => result === "exists")).toHaveLength(9);
      }
      expect(readdirSync(dir)).toHaveLength(18);
      expect(readdirSync(place).toSorted()).toEqual(["d", "f"]);
    });

    test("a copy or move that is stopped leaves nothing at the destination, and the source", async (context) => {
      const both = await two();
      if (!both) return context.skip();
      const { inside, place, root, into } = both;
      // A sparse file of 2 GB, so that the copy is far from done when it is aborted.
      const fd = openSync(inside("large"), "w");
      ftruncateSync(fd, 2 ** 31);
      closeSync(fd);
      const stopper = new AbortController();
      const copying = root.copy("large", "large", { into, signal: stopper.signal });
      setImmediate(() => stopper.abort(new Error("enough")));
      await expect(copying).rejects.toThrow("enough");
      expect(readdirSync(place)).toEqual([]);
      const { signal } = stopper;
      await expect(root.rename("large", "large", { into, signal })).rejects.toThrow("enough");
      expect(readdirSync(place)).toEqual([]);
      expect(statSync(inside("large")).size).toBe(2 ** 31);
    });
  });
});

test("a directory is not moved into itself: the destination is wrong", async () => {
  const { dir, inside } = makeSandbox();
  mkdirSync(inside("tree/sub"), { recursive: true });
  const root = await opened(dir);
  const error = await root.rename("tree", "tree/sub/tree").catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: "name", side: "destination", path: "tree/sub/tree" });
  expect(readdirSync(inside("tree/sub"))).toEqual([]);
});
