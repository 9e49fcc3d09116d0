/**
 * A failure that its reader can mend: the command prints the message alone, without a stack.
 * Exit codes: 1 the work failed or the check found a difference, 2 the command was used wrongly.
 */
export class Failure extends Error {
  override name = "Failure";
  readonly exitCode: 1 | 2;

  constructor(message: string, exitCode: 1 | 2 = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** The words of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
