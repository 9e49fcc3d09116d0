import { content } from "./content.ts";
import { find } from "./find.ts";
import { list } from "./list.ts";
import type { Jobs } from "./protocol.ts";
import { tree } from "./tree.ts";
import type { Work } from "./work.ts";

type Run<Name extends keyof Jobs> = (work: Work, args: Jobs[Name]["args"]) => Jobs[Name]["result"];

export const JOBS: { readonly [Name in keyof Jobs]: Run<Name> } = { list, tree, find, content };
