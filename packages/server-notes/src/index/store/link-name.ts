import { foldName, nameOf } from "../../note-path.ts";

/** The key for files and links: the folded last segment of a path or target. */
export const linkName = (target: string): string => foldName(nameOf(target.replaceAll("\\", "/")));
