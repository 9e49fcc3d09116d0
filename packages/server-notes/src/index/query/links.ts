import type { Link } from "../../markdown/links.ts";
import { resolveLink } from "../../markdown/resolve-link.ts";
import { foldName, nameOf, stemOf } from "../../note-path.ts";
import { optionalTextOf, type Row, rowsOf, textOf } from "../store/row.ts";
import type { Database } from "../store/sqlite.ts";
import type { Lookup } from "./lookup.ts";
import type { NoteLinks } from "./questions.ts";

const COLUMNS = "file.path AS path, file.title AS title, kind, target, heading, block, alias";

/** Where links lead depends on every file of the folder, so it is found when it is asked, not when notes are read. */
export function createLinks(db: Database, { named }: Pick<Lookup, "named">): (path: string) => NoteLinks {
  const linksFrom = db.prepare(
    `SELECT ${COLUMNS} FROM link JOIN file ON file.id = link.file WHERE path = ? ORDER BY ordinal`,
  );
  const linksTo = db.prepare(
    `SELECT ${COLUMNS} FROM link JOIN file ON file.id = link.file WHERE link.name IN (?, ?) ORDER BY path, ordinal`,
  );
  return (path) => {
    const known = new Map<string, readonly string[]>();
    const files = {
      named(name: string) {
        const paths = known.get(name) ?? named(name);
        known.set(name, paths);
        return paths;
      },
    };
    const resolved = rowsOf(linksFrom.all(path)).map((row) => {
      const link = linkOf(row);
      return { link, path: resolveLink(link, path, files) };
    });
    // A link may leave out the ending of a note's name.
    const names = [foldName(nameOf(path)), foldName(stemOf(path))];
    return {
      backlinks: rowsOf(linksTo.all(...names))
        .map((row) => ({ path: textOf(row, "path"), title: textOf(row, "title"), link: linkOf(row) }))
        .filter((from) => from.path !== path && resolveLink(from.link, from.path, files) === path),
      // A link without a target leads into the note itself.
      outgoing: resolved.flatMap(({ link, path: to }) =>
        to === undefined || link.target === "" ? [] : [{ path: to, link }],
      ),
      broken: resolved.flatMap(({ link, path: to }) => (to === undefined ? [link] : [])),
    };
  };
}

function linkOf(row: Row): Link {
  const heading = optionalTextOf(row, "heading");
  const block = optionalTextOf(row, "block");
  const alias = optionalTextOf(row, "alias");
  return {
    kind: kindOf(textOf(row, "kind")),
    target: textOf(row, "target"),
    ...(heading !== undefined && { heading }),
    ...(block !== undefined && { block }),
    ...(alias !== undefined && { alias }),
  };
}

const kindOf = (text: string): Link["kind"] => (text === "wiki" || text === "embed" ? text : "markdown");
