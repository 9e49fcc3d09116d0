import { type Era, type Files, useServer as use, useFolder } from "@org/server-kit/testing";
import { notesServer } from "../src/server.ts";

/** The server on a folder with these notes, with its index in another folder, and a client of it. */
export function useServer(files: Files = {}, era: Era = "2026-07-28", options: readonly string[] = []) {
  const index = useFolder();
  return use(notesServer, { files, era, args: (folder) => [folder.path, "--index-dir", index.path, ...options] });
}
