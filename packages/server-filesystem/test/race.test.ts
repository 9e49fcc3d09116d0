import { readdirSync, rmSync } from "node:fs";
import type { Client } from "@modelcontextprotocol/client";
import { call, connect, isHeavy, makeFolder } from "@org/server-kit/testing";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { filesystemServer } from "../src/server.ts";
import { type Attacked, attack, MARKER, SECRET } from "./attacker.ts";

const { HEAVY } = process.env;
/** `HEAVY=1` means 20,000, a greater number that many. */
const TIMES = isHeavy ? (Number(HEAVY) > 1 ? Number(HEAVY) : 20_000) : 60;
/** Concurrent calls: a race is won between the steps of one, while others run. */
const AT_ONCE = 8;
/** The allowed refusals during an attack. Anything else is a defect. */
const REFUSED =
  /^(?:access_denied|not_found|already_exists|conflict|unavailable: "[^"]*" (?:is busy|keeps changing)|invalid_input: "[^"]*" is not a (?:regular file|directory))/;

type Ask = (tool: string, args: Readonly<Record<string, unknown>>) => Promise<string>;
const pick = (turn: number) => ["dir/file.txt", "deep/dir/file.txt", "leaf.txt"][turn % 3] ?? "";
const folder = (turn: number) => (turn % 2 ? "dir" : "deep/dir");

/** Operations repeated during the attack. Each returns everything that the server said. */
const OPERATIONS: Readonly<Record<string, (ask: Ask, turn: number) => Promise<unknown>>> = {
  read: (ask, turn) => ask("read_text_file", { path: pick(turn) }),
  "read the end": (ask, turn) => ask("read_text_file", { path: pick(turn), tail: 1 }),
  "read several": (ask) => ask("read_multiple_files", { paths: [0, 1, 2].map(pick) }),
  "read media": (ask, turn) => ask("read_media_file", { path: pick(turn) }),
  "write a new file": (ask, turn) => ask("write_file", { path: `${folder(turn)}/new-${turn}`, content: "mine" }),
  overwrite: (ask, turn) => ask("write_file", { path: pick(turn), content: "inside" }),
  edit: (ask, turn) => ask("edit_file", { path: pick(turn), edits: [{ oldText: "inside", newText: "inside!" }] }),
  list: (ask, turn) => ask("list_directory", { path: folder(turn) }),
  tree: (ask, turn) => ask("directory_tree", { path: turn % 3 ? folder(turn) : "." }),
  "search names": (ask, turn) => ask("search_files", { path: turn % 3 ? folder(turn) : ".", pattern: "*" }),
  "search content": (ask, turn) =>
    ask("search_content", { path: turn % 3 ? folder(turn) : ".", query: turn % 2 ? "SECRET" : "e" }),
  "move in": async (ask, turn) => {
    await ask("write_file", { path: `work/in-${turn}`, content: "mine" });
    await ask("move_file", { source: `work/in-${turn}`, destination: `${folder(turn)}/moved-${turn}` });
  },
  "move out": async (ask, turn) => {
    await ask("move_file", { source: `${folder(turn)}/victim.txt`, destination: `work/out-${turn}` });
    await ask("read_text_file", { path: `work/out-${turn}` });
    await ask("move_file", { source: `work/out-${turn}`, destination: `${folder(turn)}/victim.txt` });
  },
  "copy out": async (ask, turn) => {
    await ask("copy_file", { source: pick(turn), destination: `work/copy-${turn}` });
    await ask("read_text_file", { path: `work/copy-${turn}` });
    await ask("delete_file", { path: `work/copy-${turn}` });
  },
  "copy a tree": async (ask, turn) => {
    await ask("copy_file", { source: `${folder(turn)}/tree`, destination: `work/tree-${turn}` });
    await ask("directory_tree", { path: `work/tree-${turn}` });
    await ask("delete_file", { path: `work/tree-${turn}`, recursive: true });
  },
  "copy in": (ask, turn) => ask("copy_file", { source: "work/kept", destination: `${folder(turn)}/copied-${turn}` }),
  delete: async (ask, turn) => {
    await ask("delete_file", { path: `${folder(turn)}/victim.txt` });
    await ask("copy_file", { source: "work/kept", destination: `${folder(turn)}/victim.txt` });
  },
  "delete a tree": async (ask, turn) => {
    await ask("delete_file", { path: `${folder(turn)}/tree`, recursive: true });
    await ask("create_directory", { path: `${folder(turn)}/tree/below` });
  },
  "make directories": (ask, turn) => ask("create_directory", { path: `${folder(turn)}/made-${turn}/below` }),
  describe: (ask, turn) => ask("get_file_info", { path: pick(turn), hash: "sha256" }),
};

function tryToRemove(place: string): void {
  try {
    rmSync(place, { recursive: true, force: true });
  } catch {
    // The attack interfered.
  }
}

describe.skipIf(process.platform !== "linux")("while another process swaps folders and files for links", () => {
  let ground: Attacked;
  let client: Client;
  let close: () => Promise<void>;
  const trash = makeFolder();
  beforeAll(async () => {
    ground = await attack();
    ground.inside.write("work/kept", "inside");
    const connection = await connect(filesystemServer, { args: [ground.inside.path, "--trash", trash.path] });
    ({ client, close } = connection);
  });
  afterAll(async () => {
    await close();
    ground.remove();
    trash.remove();
  });

  // Leftovers would slow down later lists and searches. Files outside have no such names.
  afterEach(() => {
    for (const name of ["dir", "dir.evil", "deep/dir", "deep/dir.evil"]) {
      for (const made of readdirSync(ground.inside.at(name))) {
        if (/^(?:new|moved|copied|made)-\d+$/.test(made)) tryToRemove(ground.inside.at(`${name}/${made}`));
      }
    }
  });

  test.each(Object.keys(OPERATIONS))("%s reaches nothing outside", async (name) => {
    const operation = OPERATIONS[name];
    const before = ground.outsideNow();
    let answered = 0;
    const ask: Ask = async (tool, args) => {
      const { isError, text, content } = await call(client, tool, args);
      const all = JSON.stringify(content);
      expect(all).not.toContain(SECRET);
      expect(all).not.toContain(Buffer.from(SECRET).toString("base64"));
      expect(all).not.toContain(MARKER);
      if (isError) expect(text).toMatch(REFUSED);
      else answered += 1;
      return text;
    };
    let turn = 0;
    const worker = async () => {
      while (turn < TIMES) {
        turn += 1;
        await operation?.(ask, turn);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    expect(ground.outsideNow()).toBe(before);
    // If all were refused, the attack would have shown nothing.
    expect(answered).toBeGreaterThan(0);
  });

  test("the ground has moved, and nothing is left lying about", async () => {
    expect(await ground.stop()).toBeGreaterThan(1000);
    const left = readdirSync(ground.inside.path, { recursive: true, encoding: "utf8" });
    expect(left.filter((name) => name.includes(".beneath-"))).toEqual([]);
  });
});
