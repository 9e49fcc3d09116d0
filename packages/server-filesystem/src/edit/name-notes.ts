import { quote } from "@org/server-kit";
import type { Place } from "../sandbox/types.ts";

/** Characters of a name that a note shows. */
const SHOWN = 255;

/** Notes invisible characters in the name of a written file, such as a blank that is not a space. */
export function notesOfName({ path }: Place): string[] {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const visible = quote(name, SHOWN);
  return visible === `"${name}"` ? [] : [`the name is ${visible}`];
}
