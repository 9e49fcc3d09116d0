import type { Link } from "../../markdown/links.ts";

/**
 * All that can be asked of the index. `createQueries` answers; everybody else asks through `NotesIndex.call`, in a
 * page with `complete`. A question that cannot be asked is ToolError `invalid_input`.
 */
export interface Questions {
  /** Notes ranked by relevance; of equal ones the newest first. */
  search: { args: SearchOptions; answer: SearchPage };
  list: { args: ListOptions; answer: Page<NoteRow> };
  /** Notes and attachments by path. */
  files: { args: FilesOptions; answer: Page<FileRow> };
  /** Most used first; a tag is spelled as most notes spell it. */
  tags: { args: undefined; answer: { readonly tags: readonly TagCount[] } };
  /** Links of the note at this path, and those to this path, which may be an attachment's. */
  links: { args: string; answer: NoteLinks };
  /** The broken links of all notes, by path. */
  brokenLinks: { args: undefined; answer: { readonly broken: readonly BrokenLink[] } };
  /** Paths of the notes that hold links to these names, or this tag or one below it; perhaps others too. */
  holders: { args: Holding; answer: Paths };
  /** Paths of notes with this path (`.md` may be missing), else this title or file name; the best kind of match alone. */
  find: { args: string; answer: Paths };
  /** Up to five paths of notes whose path or title is most like it, nearest first. */
  nearest: { args: string; answer: Paths };
}

interface Paths {
  readonly paths: readonly string[];
}

/** What notes hold: links whose target has one of these last names, as `linkName` folds them, or a tag. */
export type Holding = { readonly names: readonly string[] } | { readonly tag: string };

/** What is known of a note without opening it. */
export interface NoteRow {
  /** Relative to the notes folder, "/" between names. */
  readonly path: string;
  readonly title: string;
  readonly modifiedMs: number;
  readonly createdMs: number;
  /** Of the bytes that were indexed, see `etagOf`. */
  readonly etag: string;
  /** Bytes. */
  readonly size: number;
  readonly tags: readonly string[];
}

export interface NoteMatch extends NoteRow {
  /** About 240 characters in one line around the words that were found. */
  readonly snippet: string;
}

/** Which notes; all conditions hold together. */
export interface Filters {
  /** Notes in this folder and below. */
  readonly folder?: string | undefined;
  /** Notes with all of these tags; `a` is found by `a/b` too. Case and accents make no difference. */
  readonly tags?: readonly string[] | undefined;
  /** YYYY-MM-DD, local: last changed on that day or later. */
  readonly after?: string | undefined;
  /** YYYY-MM-DD, local: last changed before that day began. */
  readonly before?: string | undefined;
}

/** A part of a list. A cursor continues after the last row, even when notes changed in between. */
export interface Paging {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export interface Page<T> extends Mark {
  /** How many there are without `limit`. */
  readonly total: number;
  readonly items: readonly T[];
}

/** Where a page stands in its list, see `cursorAfter`. */
export interface Mark {
  /** What was asked for: a cursor of another question is refused. */
  readonly question: unknown;
  readonly offset: number;
}

export interface SearchOptions extends Filters, Paging {
  readonly query: string;
}

export interface SearchPage extends Page<NoteMatch> {
  /** How many of the total hold all the words; the others, there when these are few, hold some. */
  readonly withAll: number;
  /** When nothing was found, how many notes were looked at. */
  readonly searched: number;
}

export interface ListOptions extends Filters, Paging {
  /** Last changed first, last changed last, newest first, A to Z. */
  readonly sort: "modified" | "oldest" | "created" | "title";
}

/** A note or an attachment. */
export interface FileRow {
  readonly path: string;
  readonly isNote: boolean;
  /** Of a note; an attachment has none. */
  readonly title?: string;
  readonly size: number;
  readonly modifiedMs: number;
}

export interface FilesOptions extends Paging {
  /** Only paths that begin so, whatever the case. */
  readonly prefix?: string | undefined;
}

export interface TagCount {
  readonly tag: string;
  /** Notes that have it. */
  readonly count: number;
}

export interface NoteLinks {
  readonly backlinks: readonly { readonly path: string; readonly title: string; readonly link: Link }[];
  readonly outgoing: readonly { readonly path: string; readonly link: Link }[];
  readonly broken: readonly BrokenLink[];
}

/** A link that leads nowhere. */
export interface BrokenLink {
  /** Of the note that holds it. */
  readonly path: string;
  readonly link: Link;
  /** There is no such file, or there is, but not the heading or block that the link names in it. */
  readonly missing: "file" | "heading" | "block";
}
