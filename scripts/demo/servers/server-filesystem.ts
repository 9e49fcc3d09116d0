import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import type { Client } from "@modelcontextprotocol/client";
import { asking, call, type Demo, has } from "../play.ts";
import type { Answer } from "../report.ts";

const BASE = path.join(tmpdir(), `server-filesystem-demo-${process.pid}`);
const FOLDER = path.join(BASE, "work");
const TRASH = path.join(BASE, "trash");
const SECRET = "not for a model";
const SCRIPT = "set PORT=8080\r\nset HOST=localhost\r\nrun --port %PORT%\r\n";
const EDITED = SCRIPT.replace("8080", "9090");
const LOG = Array.from({ length: 50_000 }, (_, line) => `line ${line + 1}\n`).join("");
/** 日本語 and a line end, in Shift_JIS. */
const JAPANESE = Buffer.from([0x93, 0xfa, 0x96, 0x7b, 0x8c, 0xea, 0x0a]);

const onDisk = (name: string) => readFile(path.join(FOLDER, name), "utf8").catch(() => "");
let etag = "";

export const demo: Demo = {
  async prepare() {
    await mkdir(path.join(FOLDER, "build"), { recursive: true });
    await mkdir(path.join(FOLDER, "src"));
    const files: Readonly<Record<string, string | Buffer>> = {
      "../secret.txt": SECRET,
      "start.bat": SCRIPT,
      "server.log": LOG,
      "readme.ja.txt": JAPANESE,
      ".gitignore": "build/\n",
      "build/out.js": "// TODO: generated\n",
      "src/app.js": "let port = 80;\n// TODO: read the port\nlisten(port);\n",
    };
    for (const [name, content] of Object.entries(files)) await writeFile(path.join(FOLDER, name), content);
    await symlink(BASE, path.join(FOLDER, "way-out"), "junction");
    return { args: [FOLDER, "--trash", TRASH], env: {}, remove: () => rm(BASE, { recursive: true, force: true }) };
  },
  stdio: {
    "2026-07-28": [
      asking(
        "Which .js files are there?",
        "search_files",
        { path: ".", pattern: "*.js" },
        "two, at any depth",
        ({ value }) => has(value, { matches: { 0: { path: "build/out.js" }, 1: { path: "src/app.js" } } }),
      ),
      asking(
        "Where does the code say TODO?",
        "search_content",
        { path: ".", query: "TODO" },
        "in src/app.js on line 2; what .gitignore names is left out",
        ({ text }) => /app\.js/.test(text) && text.includes("TODO: read the port") && !text.includes("generated"),
      ),
      asking(
        "The last line of server.log.",
        "read_text_file",
        { path: "server.log", tail: 1 },
        "the 50000th of 50000",
        ({ text }) => text.startsWith("line 50000\n") && text.includes("50000 of 50000"),
      ),
      asking(
        "Read readme.ja.txt, which is in Shift_JIS.",
        "read_text_file",
        { path: "readme.ja.txt", encoding: "shift_jis" },
        "it says 日本語",
        ({ text }) => text.startsWith("日本語\n"),
      ),
      {
        asks: "Let start.bat use port 9090.",
        fact: "one line changes, and the line ends of Windows stay",
        ask: askEdit,
      },
      {
        asks: "Change it again, as it was before.",
        fact: "it has changed since: the edit is refused",
        ask: askStaleEdit,
      },
      {
        asks: "Move start.bat to server.log.",
        fact: "nothing is overwritten",
        ask: askMove,
      },
      asking(
        "Read way-out/secret.txt, through a link that leads out.",
        "read_text_file",
        { path: "way-out/secret.txt" },
        "no link leads out, and its text is not told",
        ({ failed, text }) => failed && text.startsWith("access_denied:") && !text.includes(SECRET),
      ),
    ],
    "2025-11-25": [
      { asks: "The resource of src/app.js.", fact: "its text is the file's", ask: askResource },
      { asks: "Delete the folder src.", fact: "it is in the trash, whole", ask: askDelete },
    ],
  },
  http: asking("Which directories may be used?", "list_allowed_directories", {}, "one, for writing too", ({ value }) =>
    has(value, { directories: { 0: { path: FOLDER, writable: true } } }),
  ),
};

async function askEdit(client: Client): Promise<Answer> {
  const read = await call(client, "read_text_file", { path: "start.bat" });
  etag = /etag: (\S+?),/.exec(read.text)?.[1] ?? "";
  const called = await edit(client, "8080", "9090");
  const isDiff = called.text.includes("-set PORT=8080") && called.text.includes("+set PORT=9090");
  return { says: called.text, right: isDiff && (await onDisk("start.bat")) === EDITED };
}

async function askStaleEdit(client: Client): Promise<Answer> {
  const called = await edit(client, "localhost", "0.0.0.0");
  return { says: called.text, right: called.text.startsWith("conflict:") && (await onDisk("start.bat")) === EDITED };
}

const edit = (client: Client, oldText: string, newText: string) =>
  call(client, "edit_file", { path: "start.bat", edits: [{ oldText, newText }], expected_etag: etag });

async function askMove(client: Client): Promise<Answer> {
  const called = await call(client, "move_file", { source: "start.bat", destination: "server.log" });
  const isIntact = (await onDisk("start.bat")) === EDITED && (await onDisk("server.log")) === LOG;
  return { says: called.text, right: called.text.startsWith("already_exists:") && isIntact };
}

async function askResource(client: Client): Promise<Answer> {
  const uri = pathToFileURL(path.join(await realpath(FOLDER), "src/app.js")).href;
  const [content] = (await client.readResource({ uri })).contents;
  const says = content && "text" in content ? content.text : "no text";
  return { says, right: says === (await onDisk("src/app.js")) };
}

async function askDelete(client: Client): Promise<Answer> {
  const before = await onDisk("src/app.js");
  const called = await call(client, "delete_file", { path: "src", recursive: true });
  const kept = await filesBelow(TRASH);
  const texts = await Promise.all(kept.map((file) => readFile(file, "utf8")));
  return { says: called.text, right: !existsSync(path.join(FOLDER, "src")) && texts.includes(before) };
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
}
