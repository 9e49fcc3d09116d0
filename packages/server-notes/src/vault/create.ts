import { quote, ToolError } from "@org/server-kit";
import { findFrontMatter, readFrontMatter } from "../markdown/front-matter/front-matter.ts";
import { setFrontMatter } from "../markdown/front-matter/front-matter-edit.ts";
import { addFrontMatterTags } from "../markdown/front-matter/front-matter-tags.ts";
import { isTag } from "../markdown/tags/tags.ts";
import { checkText, withoutMark } from "../markdown/text.ts";
import { folderOf, fromVisibleName, isNotePath, nameOf, stemOf } from "../note-path.ts";
import { fileNameOf } from "./file-name.ts";
import { asSpelled } from "./folders.ts";
import { kindAt, type Note, writeNewNote } from "./notes.ts";
import { safePath } from "./resolve.ts";
import type { Vault } from "./vault.ts";

export interface NewNote {
  readonly title: string;
  readonly content: string;
  readonly folder: string;
  readonly tags: readonly string[];
}

/**
 * Creates a note named by its title. Tags, and a title that the file's name cannot hold, go into the front matter.
 * @throws ToolError already_exists, invalid_input
 */
export async function createNote(vault: Vault, { title, content, folder, tags }: NewNote): Promise<Note> {
  checkText(title, "title");
  const wanted = title.replace(/[\t\r\n\u2028\u2029]+/g, " ").trim();
  const name = fileNameOf(wanted);
  const inFolder = folder.trim() === "" ? "" : fromVisibleName(folder);
  const asked = newNotePath(
    vault,
    inFolder === "" ? `${name}.md` : `${inFolder}/${name}.md`,
    inFolder === "" ? "title" : "folder",
  );
  const spelled = await asSpelled(vault, folderOf(asked));
  const path = spelled === "" ? nameOf(asked) : `${spelled}/${nameOf(asked)}`;
  const body = withoutMark(content);
  const ended = body === "" || body.endsWith("\n") ? body : `${body}\n`;
  const named = name === wanted ? {} : { title: wanted };
  const text = withTags({ content: ended, tags: tags.map(checkedTag), named });
  if ((await kindAt(vault, path)) !== undefined) throw exists(path);
  return writeNewNote(vault, path, text);
}

function withTags(note: { content: string; tags: readonly string[]; named: { title?: string } }): string {
  const { content, tags, named } = note;
  const found = findFrontMatter(content);
  const values = found ? readFrontMatter(found.source).values : {};
  const titled = "title" in values || named.title === undefined ? content : setFrontMatter(content, named);
  return addFrontMatterTags(titled, tags);
}

/** @throws ToolError invalid_input for an invalid tag */
export function checkedTag(tag: string): string {
  const name = tag.trim().replace(/^#/, "").replace(/\/$/, "");
  if (isTag(name)) return name;
  throw new ToolError(
    "invalid_input",
    `${quote(tag)} is not a tag. Use letters, digits, _ and -, with / between levels, and not digits alone.`,
  );
}

/** @throws ToolError when this path cannot be a note's */
export function newNotePath(vault: Vault, path: string, what: string): string {
  const safe = safePath(vault, path, what);
  // Line breaks and the like in a name trip up other programs.
  if (isNotePath(safe) && stemOf(safe).trim() !== "" && !/[\p{Cc}\p{Zl}\p{Zp}\uFFFD]/u.test(safe)) return safe;
  throw new ToolError(
    "invalid_input",
    `${what}: ${quote(path, 200)} cannot be a note's path. Use printable characters.`,
  );
}

export const exists = (path: string) =>
  new ToolError(
    "already_exists",
    `${quote(path, 200)} already exists. Change it with edit_note, or choose another title.`,
  );
