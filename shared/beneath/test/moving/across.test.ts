import { execFileSync } from "node:child_process";
import { appendFileSync, lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import type { Judge } from "../../src/index.ts";
import { openAnchor } from "../../src/lookup/anchor.ts";
import { locate } from "../../src/lookup/resolve.ts";
import { moveAcross } from "../../src/moving/move-across.ts";
import { fill, makeElsewhere, makeSandbox, opened, outcome, refusal } from "../sandbox.ts";

describe.each(["handles", "checks"] as const)("with %s", (protection) => {
  test("between file systems, a source that cannot be copied completely is refused before anything is changed", async (context) => {
    const place = makeElsewhere();
    if (place === undefined) return context.skip();
    const { dir, inside } = makeSandbox();
    fill(inside);
    execFileSync("mkfifo", [inside("fifo"), inside("tree/sub/fifo")]);
    mkdirSync(inside("odd"));
    writeFileSync(Buffer.concat([Buffer.from(`${inside("odd")}/x`), Buffer.from([0xff])]), "");
    const root = await opened(dir, {}, protection);
    const into = await opened(place, {}, protection);
    expect(await refusal(root.rename("fifo", "x", { into }))).toBe("not_a_file fifo");
    expect(await refusal(root.rename("tree", "x", { into }))).toBe("not_a_file tree");
    expect(await refusal(root.rename("odd", "x", { into }))).toBe("name odd");
    expect(readdirSync(place)).toEqual([]);
    expect(readdirSync(dir)).toEqual(["a", "empty", "fifo", "link", "odd", "tree"]);
  });

  test("between file systems, changes during the move are not lost", async (context) => {
    const place = makeElsewhere();
    if (place === undefined) return context.skip();
    const { dir, inside } = makeSandbox();
    fill(inside);
    /** Changes the source once, on the destination judge's `count`th call. */
    const changing = async (count: number, change: () => void) => {
      let asked = 0;
      const judge: Judge = () => {
        asked += 1;
        if (asked === count) change();
        return undefined;
      };
      return [await opened(dir, {}, protection), await opened(place, { judge }, protection)] as const;
    };
    // The judge is asked for the destination, for three entries below, and again for each as it is copied.
    const grow = () => appendFileSync(inside("tree/sub/c"), "newer");
    const [root, into] = await changing(9, grow);
    expect(await refusal(root.rename("tree", "x", { into }))).toBe("busy tree");
    expect(readFileSync(inside("tree/sub/c"), "utf8")).toBe("cnewer");
    expect(readdirSync(place)).toEqual([]);
    const swap = () => {
      writeFileSync(inside("saved"), "another");
      renameSync(inside("saved"), inside("tree/b"));
    };
    const [again, there] = await changing(9, swap);
    expect(await refusal(again.rename("tree", "x", { into: there }))).toBe("busy tree");
    expect(readFileSync(inside("tree/b"), "utf8")).toBe("another");
    expect(readdirSync(place)).toEqual([]);
    expect(await refusal(again.rename("tree", "x", { into: there }))).toBe("done");
    expect(lstatSync(path.join(place, "x/sub/link")).isSymbolicLink()).toBe(true);
  });

  test("between file systems, changes after the copy stay, and so does the copy", async (context) => {
    const place = makeElsewhere();
    if (place === undefined) return context.skip();
    const { dir, inside } = makeSandbox();
    fill(inside);
    const from = await openAnchor(dir, { followLinks: "inside", judge: undefined, protection });
    const into = await openAnchor(place, { followLinks: "inside", judge: undefined, protection });
    /** Moves an entry that is changed just before it would be removed. */
    const move = async (name: string, change: () => void) => {
      const source = await locate(from, name, false, "write");
      const target = await locate(into, name, false, "write");
      const confirm = () => change();
      const transfer = { may: undefined, to: name, keeps: false, signal: undefined };
      try {
        if (!source.pin) throw new Error("nothing there");
        await moveAcross({ ...source, directory: { ...source.directory, confirm } }, source.pin, target, transfer);
      } finally {
        source.close();
        target.close();
      }
    };
    expect(await outcome(move("tree", () => appendFileSync(inside("tree/sub/c"), "newer")))).toBe("busy");
    expect(await outcome(move("a", () => appendFileSync(inside("a"), "newer")))).toBe("busy");
    expect(await outcome(move("empty", () => writeFileSync(inside("empty/new"), "")))).toBe("busy");
    expect(readFileSync(inside("tree/sub/c"), "utf8")).toBe("cnewer");
    expect(readFileSync(inside("a"), "utf8")).toMatch(/anewer$/);
    expect(readdirSync(dir)).toEqual(["a", "empty", "link", "tree"]);
    expect(readdirSync(inside("empty"))).toEqual(["new"]);
    expect(readFileSync(path.join(place, "tree/sub/c"), "utf8")).toBe("c");
    expect(readdirSync(place).toSorted()).toEqual(["a", "empty", "tree"]);
    from.close();
    into.close();
  });
});
