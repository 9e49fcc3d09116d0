import { serverContract } from "../src/testing/index.ts";
import { everything } from "./fixtures/everything.ts";

serverContract(everything, { bin: "dist/test/everything.mjs" });
