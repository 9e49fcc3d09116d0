/** A pattern or an expression that is none. Its message is for whoever wrote it; threads know no ToolError. */
export class PatternError extends Error {
  override readonly name = "PatternError";
}
