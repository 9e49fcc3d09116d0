import path from "node:path";
import process from "node:process";
import { applyIdentity } from "./identity/apply.ts";
import { IdentityError } from "./identity/names.ts";

/** `pnpm identity [folder]`: applies the names in identity.json to the whole tree. */
const root = path.resolve(process.argv[2] ?? path.join(import.meta.dirname, ".."));

try {
  const changed = await applyIdentity(root);
  for (const { file, count } of changed) process.stdout.write(`${file}: ${count}\n`);
  process.stdout.write(
    changed.length === 0
      ? "The tree has the identity of identity.json already.\n"
      : `${changed.length} files changed. Now run: pnpm install && pnpm build && pnpm run docs && pnpm format\n`,
  );
} catch (error) {
  if (!(error instanceof IdentityError)) throw error;
  process.stderr.write(`identity: ${error.message}\n`);
  process.exitCode = 1;
}
