/** An invalid pattern or expression. The message is for its author; threads know no ToolError. */
export class PatternError extends Error {
  override readonly name = "PatternError";
}
