import { foldName, nameOf } from "../../note-path.ts";

/** What files and links are found by: the folded last segment of a path or target. */
export const linkName = (target: string): string => foldName(nameOf(target.replaceAll("\\", "/")));
