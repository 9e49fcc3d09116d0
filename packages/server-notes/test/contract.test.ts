import { makeFolder, serverContract } from "@org/server-kit/testing";
import { afterAll } from "vitest";
import { notesServer } from "../src/server.ts";

const body = Array.from(
  { length: 500 },
  (_, at) => `## Step ${at}\n\nThe plan for [[Note ${at}]] and #topic/part${at}.\n`,
);
const many = Array.from(
  { length: 400 },
  (_, at) => [`many/Note ${at}.md`, `# Note ${at}\n\n#plan See [[Roadmap]].\n`] as const,
);
const folder = makeFolder({
  ...Object.fromEntries(many),
  "Roadmap.md": `# Roadmap\n\n#plan\n\n${body.join("\n")}`,
  "Long line.md": `# Long line\n\n${"word ".repeat(40_000)}\n`,
  "a/picture.png": "png",
  ".hidden/x.md": "no",
});
const index = makeFolder();
afterAll(() => {
  folder.remove();
  index.remove();
});

const { XDG_CACHE_HOME = "" } = process.env;
serverContract(notesServer, {
  args: [folder.path, "--index-dir", index.path],
  env: { XDG_CACHE_HOME },
  samples: [
    ["read_note", { note: "Roadmap" }],
    ["read_note", { note: "Long line" }],
    ["list_notes", {}],
    ["search_notes", { query: "plan", limit: 50 }],
    ["search_notes", { query: "word" }],
    ["list_tags", {}],
    ["get_links", { note: "Roadmap" }],
    ["create_note", { title: "Made", content: body.join("\n") }],
    ["edit_note", { note: "Made", operation: "replace_text", old_text: "plan", new_text: "way", replace_all: true }],
    ["move_note", { note: "Roadmap", to: "The way.md" }],
    ["rename_tag", { from: "plan", to: "way" }],
    ["open_daily_note", { date: "2026-05-01" }],
    ["delete_note", { note: "Made" }],
    ["restore_note", { note: "Made" }],
  ],
});
