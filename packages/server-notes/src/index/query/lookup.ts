import { nearest } from "@org/server-kit/errors";
import { foldName, nameOf, stemOf } from "../../note-path.ts";
import { rowsOf, textOf } from "../store/row.ts";
import type { Database } from "../store/sqlite.ts";

/** Finds files by the names that people use for them. */
export interface Lookup {
  find(note: string): readonly string[];
  nearest(note: string): readonly string[];
  /** Notes and attachments whose last path segment equals this name when both are folded by `foldName`. */
  named(name: string): readonly string[];
}

interface Candidate {
  readonly path: string;
  readonly title: string;
}

const ENDINGS = ["", ".md", ".markdown"];

export function createLookup(db: Database): Lookup {
  const byName = db.prepare("SELECT path FROM file WHERE name = ? ORDER BY path");
  const callable = db.prepare(
    "SELECT path, title FROM file WHERE title IS NOT NULL AND (title_key IN (?, ?) OR name IN (?, ?, ?)) ORDER BY path",
  );
  const notes = db.prepare("SELECT path, title FROM file WHERE title IS NOT NULL ORDER BY path");

  function find(note: string): readonly string[] {
    const wanted = note.replace(/^\/+/, "");
    const name = foldName(nameOf(wanted));
    const candidates = candidatesOf(
      callable.all(foldName(wanted), foldName(note), ...ENDINGS.map((ending) => name + ending)),
    );
    // From the strictest interpretation to the loosest; the first with any match is the one that is meant.
    const ways: ((candidate: Candidate) => boolean)[] = [
      ({ path }) => path === wanted,
      ({ path }) => ENDINGS.some((ending) => path === wanted + ending),
      ({ path }) => ENDINGS.some((ending) => foldName(path) === foldName(wanted + ending)),
      ({ path, title }) => title === note || title === wanted || stemOf(path) === wanted,
      ({ path, title }) =>
        [title, stemOf(path)].some((called) => [wanted, note].map(foldName).includes(foldName(called))),
    ];
    for (const fits of ways) {
      const found = candidates.filter(fits);
      if (found.length > 0) return found.map(({ path }) => path);
    }
    return [];
  }

  return {
    find,
    nearest(note) {
      const wanted = foldName(note);
      const called = function* (): Generator<[string, string]> {
        for (const { path, title } of candidatesOf(notes.all())) {
          yield [foldName(path), path];
          yield [foldName(stemOf(path)), path];
          if (title !== stemOf(path)) yield [foldName(title), path];
        }
      };
      return nearest(wanted, called(), 5);
    },
    named: (name) => rowsOf(byName.all(name)).map((row) => textOf(row, "path")),
  };
}

const candidatesOf = (answer: readonly unknown[]): Candidate[] =>
  rowsOf(answer).map((row) => ({ path: textOf(row, "path"), title: textOf(row, "title") }));
