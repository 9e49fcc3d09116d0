import type { Vault } from "./vault/vault.ts";

/** What the handlers of this server may use. */
export interface Notes {
  readonly vault: Vault;
}
