import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Command } from "../client/session.ts";

const fileOf = (specifier: string) => fileURLToPath(import.meta.resolve(specifier));

/** A hand-written server without dependencies. */
export const FLOOR: Command = [fileOf("./floor.mjs")];
/** The servers as they are published; the file server and the notes server take a folder. */
export const OURS_FOLDER = path.dirname(fileOf("@org/server-time/package.json"));
export const OURS: Command = [path.join(OURS_FOLDER, "dist/cli.js")];
export const FILES: Command = [path.join(path.dirname(fileOf("@org/server-filesystem/package.json")), "dist/cli.js")];
export const NOTES: Command = [path.join(path.dirname(fileOf("@org/server-notes/package.json")), "dist/cli.js")];
export const POSTGRES: Command = [path.join(path.dirname(fileOf("@org/server-postgres/package.json")), "dist/cli.js")];
export const OFFICIAL_NAME = "@modelcontextprotocol/server-filesystem";
/** The exact version in package.json. */
export const OFFICIAL_VERSION = "2026.8.31";
/** The official file server, serving this folder. */
export const OFFICIAL: Command = [
  path.join(path.dirname(fileOf(`${OFFICIAL_NAME}/package.json`)), "dist/index.js"),
  import.meta.dirname,
];
