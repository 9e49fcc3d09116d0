import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import process from "node:process";
import type { Client } from "@modelcontextprotocol/client";
import { asking, call, type Demo, has } from "../play.ts";
import type { Answer } from "../report.ts";

const BASE = path.join(tmpdir(), `server-notes-demo-${process.pid}`);
const FOLDER = path.join(BASE, "notes");
const TRIP = "travel/Trip to Lisbon.md";
const MOVED = "archive/Lisbon 2026.md";
const CREATED = "---\ntags:\n  - travel/portugal\n---\n## Food 🍰\n\nPastéis de Belém, and a café near the river.\n";
/** The note after an edit outside the server. */
const EDITED = CREATED.replace("---\n", "---\nid: 007 # ticket\n").replace("river", "station");
const APPENDED = `${EDITED}\nBook the train.\n`;
const PLANS =
  "# Plans\n\n- [[Trip to Lisbon|Lisbon]]\n- [food](travel/Trip%20to%20Lisbon.md#food)\n- `[[Trip to Lisbon]]`\n";
const REWRITTEN =
  "# Plans\n\n- [[Lisbon 2026|Lisbon]]\n- [food](archive/Lisbon%202026.md#food)\n- `[[Trip to Lisbon]]`\n";

const onDisk = (name: string) => readFile(path.join(FOLDER, name), "utf8").catch(() => "");
/** The note's last etag from the server. */
let etag = "";

export const demo: Demo = {
  async prepare() {
    await mkdir(FOLDER, { recursive: true });
    await writeFile(path.join(FOLDER, "Plans.md"), PLANS);
    return {
      args: [FOLDER],
      env: { XDG_CACHE_HOME: path.join(BASE, "cache") },
      remove: () => rm(BASE, { recursive: true, force: true }),
    };
  },
  stdio: {
    "2026-07-28": [
      {
        asks: "Note in travel: Trip to Lisbon, tag #travel/portugal.",
        fact: "the file is there, byte for byte what was asked for",
        ask: askCreate,
      },
      asking(
        "Where did I mention pasteis and a cafe?",
        "search_notes",
        { query: "pasteis cafe" },
        "in that note: accents make no difference",
        ({ value }) => has(value, { total: 1, notes: { 0: { path: TRIP, tags: { 0: "travel/portugal" } } } }),
      ),
      {
        asks: "An editor changes the note. Add a line to the note as it was before.",
        fact: "that state is gone: the edit is refused, and the editor's text stays",
        ask: askStaleEdit,
      },
      {
        asks: "Read it again, then add the line.",
        fact: "one line is added; 007 and the comment in the front matter are untouched",
        ask: askEdit,
      },
      {
        asks: `Move it to ${MOVED}.`,
        fact: "both links in Plans.md follow, each in its own style; what is code stays",
        ask: askMove,
      },
      asking(
        "Which notes link to it?",
        "get_links",
        { note: MOVED },
        "Plans.md does, and the note itself links to nothing",
        ({ value }) => has(value, { backlinks_total: 1, backlinks: { 0: { path: "Plans.md" } }, outgoing_total: 0 }),
      ),
      asking(
        "Read ../../etc/passwd.",
        "read_note",
        { note: "../../etc/passwd" },
        "nothing outside of the folder is a note",
        ({ failed, text }) => failed && text.startsWith("access_denied:"),
      ),
    ],
    "2025-11-25": [
      {
        asks: "The resource of the moved note.",
        fact: "its text is the file's",
        ask: askResource,
      },
      {
        asks: "Which notes begin with arch?",
        fact: "one does, in the archive",
        ask: askCompletion,
      },
      {
        asks: "Delete it, and bring it back by its title.",
        fact: "deleted notes are in the trash, and come back where they were",
        ask: askTrash,
      },
    ],
  },
  http: asking("Which tags are there?", "list_tags", {}, "one, in one note", ({ value }) =>
    has(value, { total: 1, tags: { 0: { tag: "travel/portugal", count: 1 } } }),
  ),
};

async function askCreate(client: Client): Promise<Answer> {
  const called = await call(client, "create_note", {
    title: "Trip to Lisbon",
    folder: "travel",
    tags: ["travel/portugal"],
    content: CREATED.slice(CREATED.indexOf("##")),
  });
  etag = etagIn(called.value);
  return { says: called.text, right: !called.failed && (await onDisk(TRIP)) === CREATED };
}

async function askStaleEdit(client: Client): Promise<Answer> {
  await writeFile(path.join(FOLDER, TRIP), EDITED);
  const called = await append(client);
  return { says: called.text, right: called.text.startsWith("conflict:") && (await onDisk(TRIP)) === EDITED };
}

async function askEdit(client: Client): Promise<Answer> {
  const read = await call(client, "read_note", { note: "Trip to Lisbon" });
  etag = /etag: (\S+),/.exec(read.text)?.[1] ?? "";
  const called = await append(client);
  return { says: called.text, right: read.text.startsWith(EDITED) && (await onDisk(TRIP)) === APPENDED };
}

const append = (client: Client) =>
  call(client, "edit_note", { note: TRIP, operation: "append", content: "Book the train.", expected_etag: etag });

async function askMove(client: Client): Promise<Answer> {
  const called = await call(client, "move_note", { note: TRIP, to: MOVED });
  const right = (await onDisk("Plans.md")) === REWRITTEN && (await onDisk(MOVED)) === APPENDED;
  return { says: called.text, right: right && !existsSync(path.join(FOLDER, TRIP)) };
}

async function askResource(client: Client): Promise<Answer> {
  const { contents } = await client.readResource({ uri: "notes:///archive/Lisbon%202026.md" });
  const [content] = contents;
  const says = content && "text" in content ? content.text : "no text";
  return { says, right: says === (await onDisk(MOVED)) };
}

async function askCompletion(client: Client): Promise<Answer> {
  const { completion } = await client.complete({
    ref: { type: "ref/resource", uri: "notes:///{+path}" },
    argument: { name: "path", value: "arch" },
  });
  return { says: completion.values.join(", "), right: completion.values.join() === MOVED };
}

async function askTrash(client: Client): Promise<Answer> {
  const deleted = await call(client, "delete_note", { note: MOVED });
  const gone = (await onDisk(MOVED)) === "" && (await onDisk(`.trash/${MOVED}`)) === APPENDED;
  const restored = await call(client, "restore_note", { note: "Lisbon 2026" });
  return { says: `${deleted.text}\n${restored.text}`, right: gone && (await onDisk(MOVED)) === APPENDED };
}

function etagIn(value: unknown): string {
  return typeof value === "object" && value !== null && "etag" in value ? String(value.etag) : "";
}
