import { quote, ToolError } from "@org/server-kit";
import { withoutInvisible } from "../note-path.ts";

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are among what file systems refuse
const REFUSED = /[\\/:*?"<>|\u0000-\u001f\u007f]/g;
/** Characters that file systems accept, but [[links]] cannot contain. */
const UNLINKABLE = /[#^[\]]/g;
/** Windows device names, with any extension. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/i;
/** In bytes; file systems allow 255, and sync programs append to names. */
const LONGEST = 200;

/**
 * The file name, without `.md`, for a note with this title: characters that some file system or a link does not accept
 * become `-`. @throws ToolError invalid_input when nothing is left
 */
export function fileNameOf(title: string): string {
  // Invisible characters could make one name look like another.
  const visible = withoutInvisible(title.normalize("NFC").replace(/\s+/g, " "));
  const plain = visible.replace(REFUSED, "-").replace(UNLINKABLE, "-");
  // A leading dot would hide the file; Windows drops trailing dots and blanks.
  const name = shorten(plain.replace(/^[. ]+/, ""))
    .replace(/[. ]+$/, "")
    .replace(DEVICE, "$&_");
  if (!/[\p{L}\p{N}\p{S}]/u.test(name)) {
    throw new ToolError(
      "invalid_input",
      `title ${quote(title)} has no characters that a file name can have. Use letters or digits.`,
    );
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
