import { quote, ToolError } from "@org/server-kit";

/** How characters are encoded in bytes. */
export interface Encoding {
  /** The name in answers, and accepted as an argument. */
  readonly name: string;
  /** Bytes of a code unit: a line break has this length, and is aligned to it. */
  readonly unit: 1 | 2 | 4;
  readonly isBigEndian: boolean;
  /** The byte order mark; empty where there is none. */
  readonly mark: Buffer;
  /** Its name in iconv-lite; undefined where Node's own implementation is right. */
  readonly table?: string;
}

const unicode = (name: string, unit: 1 | 2 | 4, mark: readonly number[], table?: string): Encoding => ({
  name,
  unit,
  isBigEndian: name.endsWith("be"),
  mark: Buffer.from(mark),
  ...(table && { table }),
});

export const UTF8 = unicode("utf-8", 1, [0xef, 0xbb, 0xbf]);
export const UTF16LE = unicode("utf-16le", 2, [0xff, 0xfe]);
export const UTF16BE = unicode("utf-16be", 2, [0xfe, 0xff]);
const UTF32LE = unicode("utf-32le", 4, [0xff, 0xfe, 0, 0], "utf32le");
const UTF32BE = unicode("utf-32be", 4, [0, 0, 0xfe, 0xff], "utf32be");

/** Longest mark first, because utf-32le's begins with utf-16le's. */
const MARKED: readonly Encoding[] = [UTF32LE, UTF32BE, UTF8, UTF16LE, UTF16BE];
const UNICODE = new Map(MARKED.map((encoding) => [encoding.name, encoding])).set("utf-32", UTF32LE);

const EXAMPLES = "utf-8, utf-16le, shift_jis, euc-jp, gb18030, big5, euc-kr, koi8-r, windows-1252, iso-8859-2";

/** The encoding whose byte order mark begins the file. */
export const markedEncoding = (start: Buffer): Encoding | undefined =>
  MARKED.find(({ mark }) => start.subarray(0, mark.length).equals(mark));

export const markLength = (start: Buffer, { mark }: Encoding): number =>
  mark.length > 0 && start.subarray(0, mark.length).equals(mark) ? mark.length : 0;

/**
 * The encoding of a client's label, by the names of the web standard and common names of code pages. "utf-16" and
 * "utf-32" leave the byte order to the file's mark. @throws ToolError invalid_input for an unknown label
 */
export async function findEncoding(label: string, start: Buffer): Promise<Encoding> {
  // "UTF16LE" and "latin-1" are as common as the standard names.
  const plain = label.trim().toLowerCase().replaceAll("_", "-");
  const wanted = plain.replace(/^utf-?(16|32)-?([lb]e)?$/, "utf-$1$2");
  if (wanted === "utf-16" || wanted === "utf-32") {
    const marked = markedEncoding(start);
    if (marked?.name.startsWith(wanted)) return marked;
  }
  const web = webName(wanted) ?? webName(label) ?? webName(wanted.replaceAll("-", ""));
  const known = UNICODE.get(web ?? wanted);
  if (known) return known;
  const table = tableOf(web ?? wanted);
  const { encodingExists } = await iconv();
  if (table !== undefined && encodingExists(table)) return legacy(web ?? wanted, table);
  throw new ToolError("invalid_input", `encoding ${quote(label)} is not known. Known are ${EXAMPLES} and more.`);
}

const legacy = (name: string, table: string): Encoding => ({
  name,
  unit: 1,
  isBigEndian: false,
  mark: Buffer.alloc(0),
  table,
});

/** The web standard's name for a label. */
function webName(label: string): string | undefined {
  try {
    return new TextDecoder(label).encoding;
  } catch {
    return undefined;
  }
}

/** Only code pages: iconv-lite also converts base64, hex and UTF-7, which are not encodings of a file. */
const CODE_PAGE =
  /^(?:cp|ibm|windows|win|mac|iso-?8859|koi8|tis|hp-?roman|gb|big5|shift|euc|armscii|georgian|viscii|tcvn|rk1048|pt154|tds565)[-a-z0-9]*$/;

function tableOf(name: string): string | undefined {
  if (!CODE_PAGE.test(name.replace(/^x-mac/, "mac").replaceAll("_", "-"))) return undefined;
  return name === "x-mac-cyrillic" ? "maccyrillic" : name;
}

/** Loaded by the first call that needs it: its tables are larger than the rest of this server. */
export const iconv = async () => (await import("iconv-lite")).default;
