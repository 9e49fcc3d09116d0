import { ToolError } from "@org/server-kit";
import { isTrusted, lastValue } from "../git/config-list.ts";
import type { Setting } from "../git/settings.ts";
import type { Repository } from "../repositories/types.ts";

/**
 * Settings for signing. Those that name programs are only taken from the user's own files: a repository could name any
 * program.
 */
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

/** Settings for signing a commit; undefined if it should not be signed. */
export function signing(repository: Repository, wish: "auto" | "never" | "require"): readonly Setting[] | undefined {
  const isConfigured = /^(?:true|yes|on|1)$/i.test(repository.config("commit.gpgsign") ?? "");
  if (wish === "never" || (wish === "auto" && !isConfigured)) return undefined;
  const trusted = repository.entries.filter(isTrusted);
  const own = OWN.flatMap((key): Setting[] => {
    const value = lastValue(trusted, key) ?? DEFAULTS[key];
    return value === undefined ? [] : [[key, value]];
  });
  // Set under the newer name gpg.openpgp.program, which would otherwise override the user's gpg.program.
  const program = lastValue(trusted, "gpg.openpgp.program") ?? lastValue(trusted, "gpg.program") ?? "gpg";
  return [...own, ["gpg.openpgp.program", program], ["commit.gpgSign", "true"]];
}

/** Git's various messages for a failed signature as one error; undefined for any other failure. */
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
