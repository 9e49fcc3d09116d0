import type { Release } from "@org/server-kit";
import type { Vault } from "./vault/vault.ts";

/** What the handlers of this server may use. */
export interface Notes {
  readonly vault: Vault;
  /** Calls `changed` when the note or attachment is changed, created or removed. */
  watch(uri: string, changed: () => void): Release;
}
