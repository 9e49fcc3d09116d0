import { serverContract } from "@org/server-kit/testing";
import { afterAll } from "vitest";
import { filesystemServer } from "../src/server.ts";
import { makeFolder } from "./call.ts";

const folder = makeFolder({ "readme.md": "# Read me\n", "src/app.js": "listen(80);\n", "logo.png": "png" });
afterAll(folder.remove);

serverContract(filesystemServer, { args: [folder.path] });
