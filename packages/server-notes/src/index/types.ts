import type { Log } from "@org/server-kit";
import type { Link } from "../markdown/links.ts";

export interface IndexOptions {
  /** The cache folder of this vault, see `vaultCache`; made when missing, with mode 0700. */
  readonly directory: string;
  /** The notes folder. */
  readonly root: string;
  readonly log: Log;
}

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

/** A part of a list. A cursor goes on behind the last row, also when notes changed in between. */
export interface Paging {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export interface Page<T> {
  /** How many there are without `limit`. */
  readonly total: number;
  readonly items: readonly T[];
  /** Missing on the last page. */
  readonly cursor?: string;
  /** False while the folder is still being read: there may be more. */
  readonly complete: boolean;
}

export interface SearchPage extends Page<NoteMatch> {
  /** `any` when no note holds all the words, and those are ranked that hold some. */
  readonly matched: "all" | "any";
}

export interface ListOptions extends Filters, Paging {
  /** Newest first for dates, A to Z for titles. */
  readonly sort: "modified" | "created" | "title";
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

export interface NoteLinks {
  readonly backlinks: readonly { readonly path: string; readonly title: string; readonly link: Link }[];
  readonly outgoing: readonly { readonly path: string; readonly link: Link }[];
  /** Links that lead to no file. */
  readonly broken: readonly Link[];
}

export interface NotesIndex {
  /** Resolves when everything that was in the folder at the start is in. Never rejects. */
  readonly ready: Promise<void>;
  /**
   * Notes ranked by relevance; of equal ones the newest first.
   * @throws ToolError `invalid_input` for an empty or oversized query, a date that is none, a foreign cursor
   */
  search(query: string, options: Filters & Paging, signal: AbortSignal): Promise<SearchPage>;
  list(options: ListOptions, signal: AbortSignal): Promise<Page<NoteRow>>;
  /** Notes and attachments by path. */
  files(options: FilesOptions, signal: AbortSignal): Promise<Page<FileRow>>;
  /** Most used first; a tag is spelled as most notes spell it. */
  tags(signal: AbortSignal): Promise<readonly { readonly tag: string; readonly count: number }[]>;
  /** Links of the note at this path, and those to this path, which may be an attachment's. */
  links(path: string, signal: AbortSignal): Promise<NoteLinks>;
  /** Paths of notes with this path (`.md` may be missing), else this title or file name; the best kind of match alone. */
  find(note: string, signal: AbortSignal): Promise<readonly string[]>;
  /** Up to five paths of notes whose path or title is most like it, nearest first. */
  nearest(note: string, signal: AbortSignal): Promise<readonly string[]>;
  /** Notes and attachments whose last name is this one, when both are folded by `foldName`. */
  named(names: readonly string[], signal: AbortSignal): Promise<readonly string[]>;
  /** Told by who changed files (made, moved, removed too): they are in the index when this resolves. Never rejects. */
  refresh(paths: readonly string[]): Promise<void>;
  /** Tells files that anybody changed, made or removed, after they are in the index. Returns its end. */
  onChange(listener: (path: string) => void): () => void;
  close(): Promise<void>;
}
