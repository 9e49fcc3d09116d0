import { createHash } from "node:crypto";
import type { Stat } from "@org/beneath";
import { defineTool, READ_ONLY } from "@org/server-kit";
import * as z from "zod";
import { pathInput } from "../common/fields.ts";
import type { Files } from "../context.ts";
import { TYPE_BYTES, typeOf } from "../media/types.ts";
import { isCode, onFiles } from "../sandbox/errors.ts";
import { requireDirectory } from "../sandbox/trailing-slash.ts";
import type { Place } from "../sandbox/types.ts";
import { etagOf, etagOfStat, MOST_HASHED } from "../text/etag.ts";
import { withWhole } from "../text/whole.ts";

const ALGORITHMS = ["sha256", "sha512", "sha1", "md5"] as const;

export const getFileInfo = defineTool({
  name: "get_file_info",
  title: "Describe a file",
  description:
    "Type, size, times, permissions and etag of a file or directory, without its content; with hash, a checksum of a file " +
    "of any size. Use list_directory for the entries of a directory.",
  annotations: READ_ONLY,
  input: z.strictObject({
    path: pathInput,
    hash: z.enum(ALGORITHMS).optional().describe("Checksum to compute. Default none."),
  }),
  output: z.object({
    path: z.string(),
    type: z.enum(["file", "directory", "symlink", "other"]).describe("other: a FIFO, socket or device."),
    target: z
      .enum(["file", "directory", "other", "outside", "missing"])
      .optional()
      .describe("What a symlink leads to. When it is a file, the facts below are that file's."),
    size: z.int().describe("Bytes."),
    created: z.string().optional(),
    modified: z.string().optional(),
    permissions: z.string().describe("Octal, as 0644."),
    writable: z
      .boolean()
      .describe("Whether a write to it would be allowed: by this server and by the operating system."),
    links: z.int().optional().describe("Hard links to the file, when there are several."),
    mime_type: z.string().optional(),
    etag: z.string().optional(),
    hash: z.string().optional(),
  }),
  async run({ path, hash }, { sandbox }: Files, { signal }) {
    const place = sandbox.at(path);
    await requireDirectory(place);
    const { root } = place;
    return onFiles(place, async () => {
      const own = await root.stat(place.path);
      const stat = own.target === "file" ? await statBehind(place) : own;
      const digest = hash && (await hashOf(place, hash, signal));
      return {
        path,
        type: own.kind,
        ...(own.target && { target: own.target }),
        size: stat.size,
        ...timesOf(stat),
        permissions: stat.mode.toString(8).padStart(4, "0"),
        writable: await root.writable(place.path),
        ...(stat.kind === "file" && {
          ...(stat.nlink > 1 && { links: stat.nlink }),
          ...(await contentOf(place, stat, Math.min(sandbox.maxRead, MOST_HASHED), signal)),
        }),
        ...(digest && { hash: digest }),
      };
    });
  },
  render: (value) =>
    Object.entries(value)
      .map(([key, fact]) => `${key}: ${fact}`)
      .join("\n"),
});

async function statBehind({ root, path }: Place): Promise<Stat> {
  await using file = await root.open(path);
  return file.stat;
}

/** Some file systems have no birth time, and any may hold a time that no date can express. */
function timesOf({ birthtimeMs, mtimeMs }: Stat): { created?: string; modified?: string } {
  const text = (ms: number) => {
    const date = new Date(ms);
    return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
  };
  const created = birthtimeMs > 0 ? text(birthtimeMs) : undefined;
  const modified = text(mtimeMs);
  return { ...(created && { created }), ...(modified && { modified }) };
}

/** Chunk by chunk, so that any size takes the same memory. */
async function hashOf({ root, path }: Place, algorithm: string, signal: AbortSignal): Promise<string> {
  await using file = await root.open(path);
  const hash = createHash(algorithm);
  for await (const chunk of file.stream({ signal })) hash.update(chunk);
  return hash.digest("hex");
}

interface Content {
  readonly mime_type?: string;
  readonly etag?: string;
}

/** @param most bytes of a file whose etag is a hash of its content, as in reading and writing */
async function contentOf(place: Place, stat: Stat, most: number, signal: AbortSignal): Promise<Content> {
  const { root, path } = place;
  try {
    if (stat.size <= most) {
      return await withWhole(place, most, { signal }, async ({ bytes }) => {
        return { mime_type: typeOf(bytes.subarray(0, TYPE_BYTES), path), etag: etagOf(bytes) };
      });
    }
    await using file = await root.open(path);
    return { mime_type: typeOf(await file.read(0, TYPE_BYTES, signal), path), etag: etagOfStat(file.stat) };
  } catch (error) {
    // It can be described but not read, or has just become something else.
    if (isCode(error, "no_permission", "too_large", "not_found", "not_a_file")) return {};
    throw error;
  }
}
