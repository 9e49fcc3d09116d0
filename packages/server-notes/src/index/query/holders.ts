import { SEARCHED_BYTES } from "../store/file-record.ts";
import { rowsOf, textOf } from "../store/row.ts";
import type { Database } from "../store/sqlite.ts";
import { foldText } from "../text/tokens.ts";
import type { Holding } from "./questions.ts";

/** Finds the notes that contain something, and those that are only partly indexed, which may contain it too. */
export function createHolders(db: Database): (what: Holding) => { readonly paths: readonly string[] } {
  const linking = db.prepare(
    `SELECT path FROM file WHERE title IS NOT NULL AND (size > ${SEARCHED_BYTES} OR id IN
       (SELECT file FROM link WHERE name IN (SELECT value FROM json_each(?)))) ORDER BY path`,
  );
  const tagged = db.prepare(
    `SELECT path FROM file WHERE title IS NOT NULL AND (size > ${SEARCHED_BYTES} OR id IN
       (SELECT file FROM tag WHERE key = ? OR (key >= ? AND key < ?))) ORDER BY path`,
  );
  return (what) => {
    if ("names" in what) return pathsIn(linking.all(JSON.stringify(what.names)));
    const key = foldText(what.tag);
    // "0" is the character after "/".
    return pathsIn(tagged.all(key, `${key}/`, `${key}0`));
  };
}

const pathsIn = (answer: readonly unknown[]) => ({ paths: rowsOf(answer).map((row) => textOf(row, "path")) });
