import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import type { Metafile } from "esbuild";
import { Failure } from "./failure.ts";
import { isObject, type JsonObject, stringAt } from "./json.ts";
import { parseObject } from "./manifest.ts";

/** Licences that allow their code to be redistributed in a package under MIT, together with their text. */
const ALLOWED: ReadonlySet<string> = new Set([
  "0BSD",
  "Apache-2.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "BlueOak-1.0.0",
  "CC-BY-4.0",
  "CC0-1.0",
  "ISC",
  "MIT",
  "Python-2.0",
  "Unicode-3.0",
  "Unlicense",
]);
/** Virtual modules of plugins, which have no file. */
const STAND_IN = /^(?:lazy-validator|on-first-use):/;
/** The mark of a module that a plugin loads in its own way. */
const LAZY_SUFFIX = /\?lazy$/;
const LICENCE_FILE = /^(?:licen[cs]e|copying|notice|unlicense)(?:[-.].*)?$/i;
/** Bundlers leave such marks where a package's published file contains another package's code. */
const VENDORED = /\/\/#region [^\n]*node_modules\/\.pnpm\/((?:@[\w.-]+\+)?[\w.-]+)@(\d[^/_(\s]*)/g;

/** How licence texts begin, for packages whose package.json names no licence. */
const OPENINGS: readonly (readonly [id: string, opening: RegExp])[] = [
  ["MIT", /Permission is hereby granted, free of charge, to any person obtaining a copy of this software/],
  [
    "ISC",
    /Permission to use, copy, modify, and(?:\/or)? distribute this software for any purpose with or without fee is/,
  ],
  ["BSD-2-Clause", /Redistribution and use in source and binary forms, with or without modification, are permitted/],
];
/** The additional clauses of longer BSD licences. */
const LONGER_BSD = /neither the name|advertising materials|endorse or promote/i;

export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** The SPDX expression in its package.json, or else the licence that its only licence text shows. */
  readonly licence: string;
  /** The texts of its licence and notice files, by file name. */
  readonly texts: readonly string[];
  /** `name version` of packages whose code is inside this one's published files. */
  readonly vendored: readonly string[];
}

/**
 * Lists the packages whose code is in the bundle, sorted by name and version, without the server itself. A package
 * without a licence file is a warning.
 * @throws Failure naming every package whose licence is not on the list
 */
export async function collectLicences(
  folder: string,
  metafile: Metafile,
): Promise<{ packages: BundledPackage[]; warnings: string[] }> {
  const byRoot = new Map<string, string[]>();
  for (const input of bundledInputs(metafile)) {
    const file = path.resolve(folder, input);
    const root = await packageRoot(path.dirname(file));
    if (root && root !== folder) byRoot.set(root, [...(byRoot.get(root) ?? []), file]);
  }
  const described = await Promise.all([...byRoot].map(([root, files]) => describePackage(root, files)));
  const unique = new Map(described.map((found) => [`${found.name} ${found.version}`, found]));
  const packages = [...unique].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, found]) => found);
  const refused = packages.filter(({ licence }) => !isAllowed(licence));
  if (refused.length > 0) {
    const names = refused.map(({ name, version, licence }) => `${name} ${version} (${licence})`);
    throw new Failure(`The licence does not allow bundling: ${names.join(", ")}.`);
  }
  const warnings = packages
    .filter(({ texts }) => texts.length === 0)
    .map(({ name, version, licence }) => `${name} ${version} has no licence file; it is named as ${licence}.`);
  return { packages, warnings };
}

/** Whether the licences on the list satisfy an SPDX expression: one side of OR, both sides of AND. */
export function isAllowed(expression: string): boolean {
  const plain = expression.trim().replace(/^\(([^()]*)\)$/, "$1");
  return plain.split(/\s+OR\s+/).some((option) => option.split(/\s+AND\s+/).every((id) => ALLOWED.has(id)));
}

/** The file that ships with the bundle: each licence text once, below the packages that it covers. */
export function renderLicences(packages: readonly BundledPackage[]): string {
  const covered = new Map<string, string[]>();
  for (const found of packages) {
    const text = found.texts.join("\n\n") || `No licence text is published with it. Licence: ${found.licence}`;
    const vendored = found.vendored.map((inside) => `  with ${inside} inside`);
    const title = [`${found.name} ${found.version} (${found.licence})`, ...vendored].join("\n");
    covered.set(text, [...(covered.get(text) ?? []), title]);
  }
  const rule = "-".repeat(80);
  const parts = [...covered].map(([text, titles]) => `${rule}\n${titles.join("\n")}\n\n${text}\n`);
  return ["The code in this folder contains the following packages.\n", ...parts].join("\n");
}

function bundledInputs(metafile: Metafile): Set<string> {
  const inputs = new Set<string>();
  for (const output of Object.values(metafile.outputs)) {
    for (const [input, { bytesInOutput }] of Object.entries(output.inputs)) {
      // Code that tree shaking removed is not redistributed.
      if (bytesInOutput > 0 && !STAND_IN.test(input)) inputs.add(input.replace(LAZY_SUFFIX, ""));
    }
  }
  return inputs;
}

/** The nearest parent folder whose package.json has a name; those in dist folders may only set `type`. */
async function packageRoot(from: string): Promise<string | undefined> {
  for (let folder = from; ; folder = path.dirname(folder)) {
    const json = await readJson(path.join(folder, "package.json"));
    if (json && stringAt(json, "name") && stringAt(json, "version")) return folder;
    if (folder === path.dirname(folder)) return undefined;
  }
}

async function describePackage(root: string, files: readonly string[]): Promise<BundledPackage> {
  const json = (await readJson(path.join(root, "package.json"))) ?? {};
  const names = (await readdir(root)).filter((name) => LICENCE_FILE.test(name)).sort();
  const texts = await Promise.all(names.map((name) => readFile(path.join(root, name), "utf8")));
  const sources = await Promise.all(files.map((file) => readFile(file, "utf8")));
  const vendored = sources.flatMap((source) =>
    [...source.matchAll(VENDORED)].map(([, name = "", version]) => `${name.replace("+", "/")} ${version}`),
  );
  return {
    name: stringAt(json, "name") ?? "",
    version: stringAt(json, "version") ?? "",
    licence: licenceOf(json) ?? licenceByText(texts) ?? "unknown",
    texts: texts.map((text) => text.replaceAll("\r\n", "\n").trim()),
    vendored: [...new Set(vendored)].sort(),
  };
}

/** Very old packages list objects with a `type` instead of one expression. */
function licenceOf(json: JsonObject): string | undefined {
  const listed = Array.isArray(json.licenses) ? json.licenses : [json.license];
  const ids = listed.map((entry: unknown) => (isObject(entry) ? stringAt(entry, "type") : entry));
  const known = ids.filter((id) => typeof id === "string");
  return known.length > 0 ? known.join(" OR ") : undefined;
}

/** The licence of a package with one licence text, if that is unambiguous. */
function licenceByText([text = "", ...more]: readonly string[]): string | undefined {
  const line = text.replaceAll(/\s+/g, " ");
  const found = OPENINGS.filter(([, opening]) => opening.test(line)).map(([id]) => id);
  if (more.length > 0 || found.length !== 1) return undefined;
  return found[0] === "BSD-2-Clause" && LONGER_BSD.test(line) ? undefined : found[0];
}

async function readJson(file: string): Promise<JsonObject | undefined> {
  const text = await readFile(file, "utf8").catch(() => undefined);
  return text === undefined ? undefined : parseObject(text);
}
