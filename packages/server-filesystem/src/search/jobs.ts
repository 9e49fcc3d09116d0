import { content } from "./find-lines.ts";
import { find } from "./find-names.ts";
import type { JobContext } from "./job-context.ts";
import { list } from "./list-names.ts";
import type { Jobs } from "./protocol.ts";
import { tree } from "./tree.ts";

type Run<Name extends keyof Jobs> = (work: JobContext, args: Jobs[Name]["args"]) => Jobs[Name]["result"];

export const JOBS: { readonly [Name in keyof Jobs]: Run<Name> } = { list, tree, find, content };
