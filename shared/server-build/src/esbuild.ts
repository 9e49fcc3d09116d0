import { type BuildOptions, build, type Message, type Metafile, type OutputFile } from "esbuild";
import { Failure, messageOf } from "./failure.ts";
import { isObject } from "./json.ts";

export interface Compiled {
  readonly outputFiles: OutputFile[];
  readonly metafile: Metafile;
  readonly warnings: readonly string[];
}

/** Runs esbuild, for Node unless the options say otherwise, without writing anything; paths in the metafile are relative to `folder`. */
export async function compile(folder: string, options: BuildOptions): Promise<Compiled> {
  try {
    const { outputFiles, metafile, warnings } = await build({
      format: "esm",
      platform: "node",
      target: "node20",
      ...options,
      absWorkingDir: folder,
      bundle: true,
      charset: "utf8",
      metafile: true,
      write: false,
      logLevel: "silent",
    });
    return { outputFiles, metafile, warnings: warnings.map(inOneLine) };
  } catch (error) {
    throw new Failure(`The code does not build: ${describeFailure(error)}`);
  }
}

function describeFailure(error: unknown): string {
  if (!isBuildFailure(error)) return messageOf(error);
  const shown = error.errors.slice(0, 5).map(inOneLine);
  const rest = error.errors.length - shown.length;
  return [...shown, ...(rest > 0 ? [`and ${rest} more`] : [])].join("\n");
}

function isBuildFailure(error: unknown): error is { errors: Message[] } {
  return isObject(error) && Array.isArray(error.errors) && error.errors.length > 0;
}

function inOneLine({ text, location }: Message): string {
  return location ? `${location.file}:${location.line}:${location.column + 1}: ${text}` : text;
}
