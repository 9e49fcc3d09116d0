/**
 * A failure that the user can fix: the command prints only the message, without a stack. Exit codes: 1 the work failed
 * or the check found a difference, 2 the command was used incorrectly.
 */
export class Failure extends Error {
  override name = "Failure";
  readonly exitCode: 1 | 2;

  constructor(message: string, exitCode: 1 | 2 = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
