import { silent, useFolder } from "@org/server-kit/testing";
import { beforeAll, expect, test } from "vitest";
import { type SearchPlace, searchLog } from "../../src/history/log/search.ts";
import { createRepositories } from "../../src/repositories/repositories.ts";
import { type Git, newRepository } from "../git.ts";

const folder = useFolder();
const COMMITS = 4_500;
/** One in this many commits changes the file that is searched for. */
const EACH = 90;
let git: Git;

/** A linear history, imported in one go. */
beforeAll(() => {
  git = newRepository(folder.at("long"));
  const commands: string[] = [];
  for (let at = 1; at <= COMMITS; at += 1) {
    const text = at % EACH === 0 ? `needle ${at}\n` : "hay\n";
    const isChanged = at % EACH === 0 || at % EACH === 1;
    commands.push(
      `commit refs/heads/main\nmark :${at}\ncommitter A <a@example.com> ${1_700_000_000 + at} +0000\ndata 7\nno ${String(at).padStart(4, "0")}\n`,
    );
    if (at > 1) commands.push(`from :${at - 1}\n`);
    if (isChanged) commands.push(`M 100644 inline f.txt\ndata ${text.length}\n${text}\n`);
  }
  git.run(["fast-import", "--quiet"], { input: commands.join("") });
});

const open = (signal: AbortSignal) =>
  createRepositories(() => [folder.path], { allowHooks: false, allowOtherOwner: false }, silent).open("long", signal);

/** Searches from `place` on, stops after `most` and returns the subjects. */
async function look(
  place: SearchPlace,
  most: number,
  controller = new AbortController(),
  stopAfter = Number.POSITIVE_INFINITY,
) {
  const repository = await open(controller.signal);
  const subjects: string[] = [];
  const take = ({ subject }: { readonly subject: string }) => {
    if (subjects.length === most) return false;
    subjects.push(subject);
    if (subjects.length === stopAfter) controller.abort(new Error("the deadline"));
    return true;
  };
  const options = {
    tip: git("rev-parse", "main"),
    filter: ["-Sneedle"],
    paths: [Buffer.from("f.txt")],
    withFiles: true,
    place,
    take,
  };
  return { subjects, ...(await searchLog(repository, options, controller.signal)) };
}

/** What plain git finds. */
const known = () => git("log", "--format=%s", "-Sneedle", "main", "--", "f.txt").split("\n");

test("a search finds what git finds, in one page or in many", async () => {
  const all = await look({ walked: 0, given: 0 }, 1_000);
  expect(all).toEqual({ subjects: known(), isStopped: false });
  expect(all.subjects.length).toBe((2 * COMMITS) / EACH - 1);
  const seen: string[] = [];
  for (let place: SearchPlace | undefined = { walked: 0, given: 0 }; place; ) {
    const page: Awaited<ReturnType<typeof look>> = await look(place, 17);
    seen.push(...page.subjects);
    place = page.next;
  }
  expect(seen).toEqual(known());
});

test("a search stopped by the deadline returns what it found, and continues from there", async () => {
  const first = await look({ walked: 0, given: 0 }, 1_000, new AbortController(), 60);
  expect(first.isStopped).toBe(true);
  expect(first.subjects.length).toBeGreaterThanOrEqual(60);
  expect(first.next).toBeDefined();
  const rest = await look(first.next ?? { walked: 0, given: 0 }, 1_000);
  expect([...first.subjects, ...rest.subjects]).toEqual(known());
});

test("a search stopped before it got anywhere is an error", async () => {
  const controller = new AbortController();
  const repository = await open(controller.signal);
  controller.abort(new Error("the deadline"));
  const options = {
    tip: git("rev-parse", "main"),
    filter: ["-Sneedle"],
    paths: [],
    withFiles: false,
    place: { walked: 0, given: 0 },
    take: () => true,
  };
  await expect(searchLog(repository, options, controller.signal)).rejects.toThrow("the deadline");
});
