import type { Log } from "@org/server-kit";
import type { Notes } from "./context.ts";
import { watchNote } from "./resources/watch.ts";
import { openVault, type VaultOptions } from "./vault/vault.ts";

/** Everything that a start does not wait for: it is loaded once a host has been greeted. */
export async function openNotes(options: VaultOptions, log: Log): Promise<Notes> {
  const vault = await openVault(options, log);
  return { vault, watch: (uri, changed) => watchNote(uri, vault, changed) };
}
