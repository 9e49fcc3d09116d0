import type { Tool } from "@org/server-kit";
import type { Files } from "./context.ts";
import { copyFile } from "./tools/copy-file.ts";
import { createDirectory } from "./tools/create-directory.ts";
import { deleteFile } from "./tools/delete-file.ts";
import { directoryTree } from "./tools/directory-tree.ts";
import { editFile } from "./tools/edit-file.ts";
import { getFileInfo } from "./tools/get-file-info.ts";
import { listAllowedDirectories } from "./tools/list-allowed-directories.ts";
import { listDirectory } from "./tools/list-directory.ts";
import { moveFile } from "./tools/move-file.ts";
import { readMediaFile } from "./tools/read-media-file.ts";
import { readMultipleFiles } from "./tools/read-multiple-files.ts";
import { readTextFile } from "./tools/read-text-file.ts";
import { searchContent } from "./tools/search-content.ts";
import { searchFiles } from "./tools/search-files.ts";
import { writeFile } from "./tools/write-file.ts";

/**
 * In the order of the README: text, directories, whole files, searches. Not in tools/, which holds the most files a
 * folder may have.
 */
const all: readonly Tool<Files>[] = [
  readTextFile,
  readMediaFile,
  readMultipleFiles,
  writeFile,
  editFile,
  createDirectory,
  listDirectory,
  directoryTree,
  moveFile,
  copyFile,
  deleteFile,
  getFileInfo,
  listAllowedDirectories,
  searchFiles,
  searchContent,
];

/** A directory that was missing at the start is served from the first call that finds it. */
export const tools: readonly Tool<Files>[] = all.map((tool) => ({
  ...tool,
  async call(raw, files, call) {
    await files.sandbox.look();
    return tool.call(raw, files, call);
  },
}));
