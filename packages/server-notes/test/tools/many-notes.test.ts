import type { Client } from "@modelcontextprotocol/client";
import { call, connect, isHeavy, makeFolder, useCleanup } from "@org/server-kit/testing";
import { expect, test } from "vitest";
import { notesServer } from "../../src/server.ts";

const COUNT = isHeavy ? 20_000 : 500;
/** So short that no call gets to the end of all notes. */
const TIMEOUT = isHeavy ? "2s" : "150ms";
const cleanup = useCleanup();

async function served(files: Readonly<Record<string, string>>, timeout = TIMEOUT) {
  const [folder, index] = [makeFolder(files), makeFolder()];
  cleanup(folder.remove);
  cleanup(index.remove);
  const args = [folder.path, "--index-dir", index.path, "--timeout", timeout];
  const { client, close } = await connect(notesServer, { args });
  cleanup(close);
  return { folder, client };
}

const many = (text: (at: number) => string) =>
  Object.fromEntries(Array.from({ length: COUNT }, (_, at) => [`n/${at}.md`, text(at)]));

/** Repeats a call until it succeeds. @returns the errors in between, and the answer */
async function untilDone(client: Client, tool: string, args: Readonly<Record<string, unknown>>) {
  const errors: string[] = [];
  for (;;) {
    const answer = await call(client, tool, args);
    if (!answer.isError) return { errors, answer };
    errors.push(answer.text);
    expect(errors.length, answer.text).toBeLessThan(500);
  }
}

test("a tag is renamed in thousands of notes over several calls, each of which says how far it came", async () => {
  const { folder, client } = await served(many((at) => `---\ntags: [old]\n---\n#old ${at}\n`));
  const args = { from: "old", to: "new" };
  const { errors, answer } = await untilDone(client, "rename_tag", args);
  const told =
    /^timeout: out of time after \d+ of \d+ notes: #old is now #new in [1-9]\d* notes?\. Repeat the same call/;
  expect(errors.filter((error) => told.test(error))).not.toEqual([]);
  expect(answer.value).toMatchObject({ failed: [] });
  for (const at of [0, 1, COUNT - 1]) expect(folder.read(`n/${at}.md`)).toBe(`---\ntags: [new]\n---\n#new ${at}\n`);
  expect((await call(client, "rename_tag", args)).value).toMatchObject({ renamed: 0, failed: [] });
}, 300_000);

test("a note that thousands link to is moved over several calls, and every link follows", async () => {
  const { folder, client } = await served({ ...many((at) => `[[Target]] ${at}\n`), "Target.md": "x\n" });
  const args = { note: "Target", to: "moved/Goal.md" };
  const { errors, answer } = await untilDone(client, "move_note", args);
  expect(errors.some((error) => /links are rewritten in \d+ of \d+ notes\. Repeat the same call/.test(error))).toBe(
    true,
  );
  expect(answer.value).toMatchObject({ path: "moved/Goal.md", moved_from: "Target.md", resumed: true, failed: [] });
  for (let at = 0; at < COUNT; at++) expect(folder.read(`n/${at}.md`)).toBe(`[[Goal]] ${at}\n`);
  expect((await call(client, "move_note", args)).value).toMatchObject({ path: "moved/Goal.md", resumed: true });
}, 300_000);

test("who asks for it hears how far a call is", async () => {
  const { client } = await served(
    many((at) => `#old [[Target]] ${at}\n`),
    "5m",
  );
  const heard: { progress: number; total?: number | undefined }[] = [];
  await client.callTool(
    { name: "rename_tag", arguments: { from: "old", to: "new" } },
    { onprogress: (told) => heard.push(told), timeout: 300_000, resetTimeoutOnProgress: true },
  );
  expect(heard.length).toBeGreaterThan(0);
  expect(heard.every(({ progress, total }) => progress <= (total ?? 0))).toBe(true);
  expect(heard.map(({ progress }) => progress)).toEqual(heard.map(({ progress }) => progress).sort((a, b) => a - b));
}, 300_000);
