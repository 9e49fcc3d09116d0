import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { makeSandbox, opened } from "../sandbox.ts";

const ROUNDS = 100;

/** Keeps moving a file; `replace` runs as soon as it has its new name, often before the old one is gone. */
async function moves(replace: (at: string, round: number) => void) {
  const { dir, inside } = makeSandbox();
  const root = await opened(dir);
  for (let round = 0; round < ROUNDS; round += 1) {
    writeFileSync(inside("from"), `moved ${round}`);
    const moving = root.rename("from", `to${round}`);
    while (!existsSync(inside(`to${round}`))) await turn();
    replace(inside("from"), round);
    await moving;
    expect(readFileSync(inside(`to${round}`), "utf8")).toBe(`moved ${round}`);
    rmSync(inside(`to${round}`));
    if (existsSync(inside("from"))) renameSync(inside("from"), inside(`kept${round}`));
  }
  return { inside, names: readdirSync(dir) };
}

describe("what takes a file's place while that is moved stays, under its name", () => {
  test("a directory with its contents", async () => {
    const { inside, names } = await moves((at, round) => {
      rmSync(at, { force: true });
      mkdirSync(at);
      writeFileSync(`${at}/precious`, `${round}`);
    });
    expect(names.toSorted()).toEqual(Array.from({ length: ROUNDS }, (_, round) => `kept${round}`).toSorted());
    for (const name of names) expect(readFileSync(inside(`${name}/precious`), "utf8")).toBe(name.slice(4));
  });

  test("a file that somebody saves by renaming it", async () => {
    const { inside, names } = await moves((at, round) => {
      writeFileSync(`${at}.new`, `saved ${round}`);
      renameSync(`${at}.new`, at);
    });
    expect(names.toSorted()).toEqual(Array.from({ length: ROUNDS }, (_, round) => `kept${round}`).toSorted());
    for (const name of names) expect(readFileSync(inside(name), "utf8")).toBe(`saved ${name.slice(4)}`);
  });
});
