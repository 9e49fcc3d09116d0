/** A multi-line block in which nothing is Markdown. */
export interface OpenBlock {
  /** Number of quotes around it. */
  readonly depth: number;
  /** The column at which the content of its list item begins. */
  readonly column: number;
  /** @param indent columns by which the line is indented inside the item */
  readonly isEnd: (line: string, indent: number) => boolean;
}

/** The surroundings of a line that may open a block. */
interface Around {
  readonly depth: number;
  readonly items: readonly number[];
  readonly isText: boolean;
}

export const RULE = /^([-*_])(?:[ \t]*\1){2,}[ \t]*$/;
export const HEADING = /^(#{1,6})(?:[ \t]+(.*))?$/;
const ITEM = /^(?:[-*+]|(\d{1,9})[.)])(?=[ \t]|$)([ \t]*)/;
const FENCE = /^(`{3,}(?=[^`]*$)|~{3,})/;
const MATH = /^\$\$(?!\$)/;

/** Beginnings of HTML blocks and their ends, as CommonMark numbers them; `undefined` for a blank line. */
const HTML: readonly (readonly [begin: RegExp, end: RegExp | undefined])[] = [
  [/^<(?:script|pre|style|textarea)(?=[\s>]|$)/i, /<\/(?:script|pre|style|textarea)>/i],
  [/^<!--/, /-->/],
  [/^<\?/, /\?>/],
  [/^<![a-z]/i, />/],
  [/^<!\[CDATA\[/, /\]\]>/],
  [
    /^<\/?(?:address|article|aside|base|blockquote|body|center|col|dd|details|dialog|dir|div|dl|dt|fieldset|figcaption|figure|footer|form|frame|h[1-6]|head|header|hr|html|iframe|legend|li|link|main|menu|nav|ol|option|p|section|summary|table|tbody|td|tfoot|th|thead|title|tr|ul)(?=[\s/>]|$)/i,
    undefined,
  ],
];
/** A single tag alone on its line, which does not interrupt a paragraph. */
const LONE_TAG = /^<\/?[a-z][a-z\d-]*(?:[ \t][^<>]*)?>[ \t]*$/i;

/** @returns the block that a line opens, or "line" for one that ends in the same line */
export function openBlock(line: string, { depth, items, isText }: Around): OpenBlock | "line" | undefined {
  const at = { depth, column: items.at(-1) ?? 0 };
  const [, fence] = FENCE.exec(line) ?? [];
  if (fence !== undefined) {
    const isEnd = (one: string, indent: number) => indent < 4 && isFence(one.trim(), fence);
    return { ...at, isEnd };
  }
  // Both marks in one line are a span of its paragraph.
  if (MATH.test(line)) return line.indexOf("$$", 2) > 0 ? undefined : { ...at, isEnd: (one) => one.includes("$$") };
  if (!line.startsWith("<")) return undefined;
  const [begin, end] = HTML.find(([opening]) => opening.test(line)) ?? [];
  if (!begin && (isText || !LONE_TAG.test(line))) return undefined;
  if (end?.test(line)) return "line";
  return { ...at, isEnd: (one) => (end ? end.test(one) : one.trim() === "") };
}

const isFence = (line: string, open: string) => line.startsWith(open) && /^(?:`+|~+)$/.test(line);

/** Whether a line, without its indentation, begins a block, and so cannot continue the paragraph before it. */
export const beginsBlock = (line: string): boolean =>
  FENCE.test(line) || HEADING.test(line) || ITEM.test(line) || RULE.test(line) || line.startsWith(">");

/**
 * The list item that begins at a column, if there is one. @param inParagraph whether it would interrupt a paragraph,
 * which only a non-empty item numbered 1 can do
 */
export function listItem(
  content: string,
  column: number,
  inParagraph: boolean,
): { readonly column: number; readonly length: number; readonly isCode: boolean } | undefined {
  const [mark, number, blanks = ""] = ITEM.exec(content) ?? [];
  if (mark === undefined) return undefined;
  const isEmpty = mark.length === content.length;
  if (inParagraph && (isEmpty || (number !== undefined && Number(number) !== 1))) return undefined;
  const begins = column + mark.length - blanks.length;
  const width = blanks.startsWith("\t") ? 4 - (begins % 4) : blanks.length;
  // With five or more blanks, one belongs to the mark and the others indent code.
  const isCode = !isEmpty && width >= 5;
  return { column: begins + (isEmpty || isCode ? 1 : width), length: mark.length, isCode };
}
