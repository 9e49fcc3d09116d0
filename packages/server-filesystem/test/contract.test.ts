import { makeFolder, serverContract } from "@org/server-kit/testing";
import { afterAll } from "vitest";
import { filesystemServer } from "../src/server.ts";
import { png } from "./media/samples.ts";

const text = Array.from({ length: 3000 }, (_, at) => `line ${at}: the quick brown fox jumps over the lazy dog\n`).join(
  "",
);
const many = Array.from(
  { length: 400 },
  (_, at) => [`many/a rather long name of a file, number ${at}.txt`, text] as const,
);
const folder = makeFolder({
  ...Object.fromEntries(many),
  "readme.md": "# Read me\n",
  "src/app.js": "listen(80);\n",
  "logo.png": png(16, 16),
  "large.txt": text,
  "long-line.txt": "x".repeat(200_000),
  "full/a.txt": "a",
});
afterAll(folder.remove);

serverContract(filesystemServer, {
  args: [folder.path],
  samples: [
    ["list_allowed_directories", {}],
    ["read_text_file", { path: "large.txt" }],
    ["read_text_file", { path: "large.txt", tail: 2000 }],
    ["read_text_file", { path: "long-line.txt" }],
    ["read_multiple_files", { paths: ["large.txt", "long-line.txt", "readme.md", "no-such-file"] }],
    ["read_media_file", { path: "logo.png" }],
    ["list_directory", { path: "many", limit: 1000 }],
    ["directory_tree", { path: "" }],
    ["search_files", { path: "", pattern: "*.txt" }],
    ["search_content", { path: "", query: "fox", context_lines: 3 }],
    ["search_content", { path: "long-line.txt", query: "x" }],
    ["get_file_info", { path: "large.txt" }],
    ["edit_file", { path: "large.txt", edits: [{ oldText: "fox", newText: "cat", replaceAll: true }] }],
    ["edit_file", { path: "long-line.txt", edits: [{ oldText: "x", newText: "yy", replaceAll: true }] }],
    ["write_file", { path: "new.txt", content: text }],
    ["write_file", { path: "new.txt", content: text, append: true }],
    ["create_directory", { path: "a/b/c" }],
    ["copy_file", { source: "many", destination: "more" }],
    ["move_file", { source: "new.txt", destination: "a/new.txt" }],
    ["delete_file", { path: "more", recursive: true }],
  ],
});
