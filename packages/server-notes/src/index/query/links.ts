import { hasAnchor } from "../../markdown/anchors.ts";
import type { Link } from "../../markdown/links.ts";
import { resolveLink } from "../../markdown/resolve-link.ts";
import { foldName, nameOf, stemOf } from "../../note-path.ts";
import { optionalTextOf, type Row, rowsOf, textOf } from "../store/row.ts";
import type { Database } from "../store/sqlite.ts";
import type { Lookup } from "./lookup.ts";
import type { BrokenLink, NoteLinks } from "./questions.ts";

const COLUMNS = "file.path AS path, file.title AS title, kind, target, heading, block, alias";

interface LinkQueries {
  links(path: string): NoteLinks;
  brokenLinks(): { readonly broken: readonly BrokenLink[] };
}

/** The target of a link depends on every file of the folder, so it is resolved on demand, not when notes are read. */
export function createLinks(db: Database, { named }: Pick<Lookup, "named">): LinkQueries {
  const linksFrom = db.prepare(
    `SELECT ${COLUMNS} FROM link JOIN file ON file.id = link.file WHERE path = ? ORDER BY ordinal`,
  );
  const linksTo = db.prepare(
    `SELECT ${COLUMNS} FROM link JOIN file ON file.id = link.file WHERE link.name IN (?, ?) ORDER BY path, ordinal`,
  );
  const all = db.prepare(`SELECT ${COLUMNS} FROM link JOIN file ON file.id = link.file ORDER BY path, ordinal`);
  const anchorsAt = db.prepare("SELECT anchors FROM file WHERE path = ?");

  /** For one question: each name is looked up only once. */
  function resolver() {
    const files = { named: remembered(named) };
    const anchorsOf = remembered((path: string) => {
      const [row] = rowsOf(anchorsAt.all(path));
      return row && optionalTextOf(row, "anchors");
    });
    return (
      link: Link,
      from: string,
    ): { readonly to: string | undefined; readonly missing?: BrokenLink["missing"] } => {
      const to = resolveLink(link, from, files);
      if (to === undefined) return { to, missing: "file" };
      const anchors = link.heading === undefined && link.block === undefined ? undefined : anchorsOf(to);
      if (anchors === undefined || hasAnchor(anchors, link)) return { to };
      return { to, missing: link.block === undefined ? "heading" : "block" };
    };
  }

  return {
    links(path) {
      const resolve = resolver();
      const own = rowsOf(linksFrom.all(path)).map((row) => ({ path, link: linkOf(row) }));
      const resolved = own.map(({ link }) => ({ link, ...resolve(link, path) }));
      // A link may omit a note's extension.
      const names = [foldName(nameOf(path)), foldName(stemOf(path))];
      return {
        backlinks: rowsOf(linksTo.all(...names))
          .map((row) => ({ path: textOf(row, "path"), title: textOf(row, "title"), link: linkOf(row) }))
          .filter((from) => from.path !== path && resolve(from.link, from.path).to === path),
        // A link without a target points into the note itself.
        outgoing: resolved.flatMap(({ link, to }) =>
          to === undefined || link.target === "" ? [] : [{ path: to, link }],
        ),
        broken: resolved.flatMap(({ link, missing }) => (missing ? [{ path, link, missing }] : [])),
      };
    },
    brokenLinks() {
      const resolve = resolver();
      const broken = rowsOf(all.all()).flatMap((row): BrokenLink[] => {
        const [path, link] = [textOf(row, "path"), linkOf(row)];
        const { missing } = resolve(link, path);
        return missing ? [{ path, link, missing }] : [];
      });
      return { broken };
    },
  };
}

function remembered<T>(ask: (name: string) => T): (name: string) => T {
  const known = new Map<string, T>();
  return (name) => {
    const answer = known.get(name);
    if (answer !== undefined) return answer;
    const fresh = ask(name);
    known.set(name, fresh);
    return fresh;
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
