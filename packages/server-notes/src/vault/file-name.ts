import { quote, ToolError } from "@org/server-kit";
import { withoutInvisible } from "../note-path.ts";

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are among what file systems refuse
const REFUSED = /[\\/:*?"<>|\u0000-\u001f\u007f]/g;
/** What file systems take, but no [[link]] can name. */
const UNLINKABLE = /[#^[\]]/g;
/** Names of Windows' devices, whatever follows the dot. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/i;
/** Bytes; file systems take 255, and synchronising programs add to a name. */
const LONGEST = 200;

/**
 * The file name, without `.md`, of a note with this title: what some file system or a link does not take becomes `-`.
 * @throws ToolError invalid_input when nothing is left
 */
export function fileNameOf(title: string): string {
  // Invisible characters could make one name look like another.
  const visible = withoutInvisible(title.normalize("NFC").replace(/\s+/g, " "));
  const plain = visible.replace(REFUSED, "-").replace(UNLINKABLE, "-");
  // A name that begins with a dot is hidden; Windows drops dots and blanks at the end.
  const name = shorten(plain.replace(/^[. ]+/, ""))
    .replace(/[. ]+$/, "")
    .replace(DEVICE, "$&_");
  if (!/[\p{L}\p{N}\p{S}]/u.test(name)) {
    throw new ToolError("invalid_input", `title ${quote(title)} gives no file name. Use letters or digits.`);
  }
  return name;
}

function shorten(name: string): string {
  let bytes = 0;
  let short = "";
  for (const character of name.slice(0, LONGEST)) {
    bytes += Buffer.byteLength(character);
    if (bytes > LONGEST) break;
    short += character;
  }
  return short;
}
