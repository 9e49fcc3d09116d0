import { serverContract } from "@org/server-kit/testing";
import { afterAll } from "vitest";
import { notesServer } from "../src/server.ts";
import { makeFolder } from "./call.ts";

const folder = makeFolder({ "Roadmap.md": "# Roadmap\n\n#plan\n", "a/picture.png": "png", ".hidden/x.md": "no" });
const index = makeFolder();
afterAll(() => {
  folder.remove();
  index.remove();
});

const { XDG_CACHE_HOME = "" } = process.env;
serverContract(notesServer, { args: [folder.path, "--index-dir", index.path], env: { XDG_CACHE_HOME } });
