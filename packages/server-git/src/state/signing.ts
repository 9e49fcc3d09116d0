import { ToolError } from "@org/server-kit";
import { isTrusted, lastValue } from "../git/config-list.ts";
import type { Setting } from "../git/settings.ts";
import type { Repository } from "../repositories/types.ts";

/** What says how to sign. The programs among them count only from the user's own files: a repository could name any. */
const OWN = [
  "gpg.format",
  "gpg.program",
  "gpg.openpgp.program",
  "gpg.x509.program",
  "gpg.ssh.program",
  "gpg.ssh.defaultkeycommand",
];
const DEFAULTS: Readonly<Record<string, string>> = {
  "gpg.program": "gpg",
  "gpg.openpgp.program": "gpg",
  "gpg.x509.program": "gpgsm",
  "gpg.ssh.program": "ssh-keygen",
  "gpg.ssh.defaultkeycommand": "",
};

/** Settings with which a commit is signed; undefined when it is not to be. */
export function signing(repository: Repository, wish: "auto" | "never" | "require"): readonly Setting[] | undefined {
  const isConfigured = /^(?:true|yes|on|1)$/i.test(repository.config("commit.gpgsign") ?? "");
  if (wish === "never" || (wish === "auto" && !isConfigured)) return undefined;
  const trusted = repository.entries.filter(isTrusted);
  const own = OWN.flatMap((key): Setting[] => {
    const value = lastValue(trusted, key) ?? DEFAULTS[key];
    return value === undefined ? [] : [[key, value]];
  });
  // gpg.openpgp.program, which is the newer name, would hide a gpg.program of the user.
  const program = lastValue(trusted, "gpg.openpgp.program") ?? lastValue(trusted, "gpg.program") ?? "gpg";
  return [...own, ["gpg.openpgp.program", program], ["commit.gpgSign", "true"]];
}

/** Git's words when no signature came about, as one error; undefined for another failure. */
export function signingError(stderr: string): ToolError | undefined {
  if (
    !/failed to sign|gpg failed|signing failed|No secret key|no signing key|user\.signingkey|cannot run (?:gpg|ssh-keygen)|Couldn't load public key|Load key/i.test(
      stderr,
    )
  ) {
    return undefined;
  }
  return new ToolError(
    "unavailable",
    "the commit could not be signed, and nothing was changed: the key is missing, locked or asks for a passphrase. Ask the user to " +
      "check user.signingKey and unlock the key, or to start the server with --sign never.",
    { retryable: false },
  );
}
