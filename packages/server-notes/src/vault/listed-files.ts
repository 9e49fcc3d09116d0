import { isListed } from "../note-path.ts";
import { onFiles } from "./errors.ts";
import type { Vault } from "./vault.ts";

/** Paths of all notes and attachments, from the folder itself, because the index may lag behind. */
export async function listedFiles({ root }: Vault, signal: AbortSignal): Promise<string[]> {
  return onFiles("the notes folder", async () => {
    const paths: string[] = [];
    const enter = ({ path, addressable }: { path: string; addressable: boolean }) => addressable && isListed(path);
    for await (const { path, kind, addressable } of root.walk("", { signal, enter })) {
      if (kind === "file" && addressable && isListed(path)) paths.push(path);
    }
    return paths;
  });
}
