import { createNote } from "./create-note.ts";
import { deleteNote } from "./delete-note.ts";
import { editNote } from "./edit-note.ts";
import { getLinks } from "./get-links.ts";
import { listNotes } from "./list-notes.ts";
import { listTags } from "./list-tags.ts";
import { moveNote } from "./move-note.ts";
import { openDailyNote } from "./open-daily-note.ts";
import { readNote } from "./read-note.ts";
import { renameTag } from "./rename-tag.ts";
import { restoreNote } from "./restore-note.ts";
import { searchNotes } from "./search-notes.ts";

export const tools = [
  readNote,
  listNotes,
  searchNotes,
  createNote,
  editNote,
  moveNote,
  deleteNote,
  restoreNote,
  renameTag,
  openDailyNote,
  listTags,
  getLinks,
];
