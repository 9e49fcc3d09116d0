import type { Link } from "../../markdown/links.ts";

/**
 * Everything that the index can be asked. `createQueries` answers; all other code asks through `NotesIndex.call`, which
 * adds `complete`. A question that cannot be asked throws ToolError `invalid_input`.
 */
export interface Questions {
  /** Notes ranked by relevance; among equals, the newest first. */
  search: { args: SearchOptions; answer: SearchPage };
  list: { args: ListOptions; answer: Page<NoteRow> };
  /** Notes and attachments by path. */
  files: { args: FilesOptions; answer: Page<FileRow> };
  /** Most used first; a tag is spelled as in most notes. */
  tags: { args: undefined; answer: { readonly tags: readonly TagCount[] } };
  /** Links of the note at this path, and links to this path, which may be an attachment's. */
  links: { args: string; answer: NoteLinks };
  /** The broken links of all notes, by path. */
  brokenLinks: { args: undefined; answer: { readonly broken: readonly BrokenLink[] } };
  /** Paths of the notes that contain links to these names, or this tag or one below it; perhaps some others too. */
  holders: { args: Holding; answer: Paths };
  /**
   * Paths of notes with this path (`.md` may be omitted), else this title or file name; only the best kind of match.
   */
  find: { args: string; answer: Paths };
  /** Up to five paths of notes whose path or title is most similar, nearest first. */
  nearest: { args: string; answer: Paths };
}

interface Paths {
  readonly paths: readonly string[];
}

/** The content of notes: links whose target has one of these last segments, as folded by `linkName`, or a tag. */
export type Holding = { readonly names: readonly string[] } | { readonly tag: string };

/** The facts about a note that need no reading. */
export interface NoteRow {
  /** Relative to the notes folder, "/" between names. */
  readonly path: string;
  readonly title: string;
  readonly modifiedMs: number;
  readonly createdMs: number;
  /** Of the indexed bytes, see `etagOf`. */
  readonly etag: string;
  /** Bytes. */
  readonly size: number;
  readonly tags: readonly string[];
}

export interface NoteMatch extends NoteRow {
  /** About 240 characters around the matching words, on one line. */
  readonly snippet: string;
}

/** Which notes; all conditions must hold. */
export interface Filters {
  /** Notes in this folder and below. */
  readonly folder?: string | undefined;
  /** Notes with all of these tags; `a` includes `a/b`. Case and accents are ignored. */
  readonly tags?: readonly string[] | undefined;
  /** YYYY-MM-DD, local: last changed on that day or later. */
  readonly after?: string | undefined;
  /** YYYY-MM-DD, local: last changed before that day began. */
  readonly before?: string | undefined;
}

/** A part of a list. A cursor continues after the last row, even when notes have changed in between. */
export interface Paging {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export interface Page<T> extends Mark {
  /** The number of rows without `limit`. */
  readonly total: number;
  readonly items: readonly T[];
}

/** A page's position in its list, see `cursorAfter`. */
export interface Mark {
  /** The question: a cursor from another one is refused. */
  readonly question: unknown;
  readonly offset: number;
}

export interface SearchOptions extends Filters, Paging {
  readonly query: string;
}

export interface SearchPage extends Page<NoteMatch> {
  /** How many of the total contain all the words; when these are few, the others contain some of them. */
  readonly withAll: number;
  /** How many notes were searched, when nothing was found. */
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
  /** Only for notes. */
  readonly title?: string;
  readonly size: number;
  readonly modifiedMs: number;
}

export interface FilesOptions extends Paging {
  /** Only paths with this prefix, in any case. */
  readonly prefix?: string | undefined;
}

export interface TagCount {
  readonly tag: string;
  /** Number of notes with the tag. */
  readonly count: number;
}

export interface NoteLinks {
  readonly backlinks: readonly { readonly path: string; readonly title: string; readonly link: Link }[];
  readonly outgoing: readonly { readonly path: string; readonly link: Link }[];
  readonly broken: readonly BrokenLink[];
}

/** A link that leads nowhere. */
export interface BrokenLink {
  /** The path of the note that contains it. */
  readonly path: string;
  readonly link: Link;
  /** Whether there is no such file, or the file lacks the heading or block that the link names. */
  readonly missing: "file" | "heading" | "block";
}
