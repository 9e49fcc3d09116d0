import type { Tool } from "@org/server-kit";
import type { Files } from "../context.ts";
import { copyFile } from "./copy-file.ts";
import { createDirectory } from "./create-directory.ts";
import { deleteFile } from "./delete-file.ts";
import { directoryTree } from "./directory-tree.ts";
import { editFile } from "./edit-file.ts";
import { getFileInfo } from "./get-file-info.ts";
import { listAllowedDirectories } from "./list-allowed-directories.ts";
import { listDirectory } from "./list-directory.ts";
import { moveFile } from "./move-file.ts";
import { readMediaFile } from "./read-media-file.ts";
import { readMultipleFiles } from "./read-multiple-files.ts";
import { readTextFile } from "./read-text-file.ts";
import { searchContent } from "./search-content.ts";
import { searchFiles } from "./search-files.ts";
import { writeFile } from "./write-file.ts";

/** In the order of the README: text, directories, whole files, searches. */
export const tools: readonly Tool<Files>[] = [
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
