import { runTypical } from "./typical.ts";

await runTypical(15);
