import { pathToFileURL } from "node:url";
import { type Content, counted, defineTool, quote, READ_ONLY, ToolError } from "@org/server-kit";
import * as z from "zod";
import { pathInput } from "../common/fields.ts";
import type { Files } from "../context.ts";
import { TYPE_BYTES, typeOf } from "../resources/mime.ts";
import { isCode, onFiles } from "../sandbox/errors.ts";
import type { Place, Sandbox } from "../sandbox/types.ts";
import { etagOf } from "../text/etag.ts";
import { MAGIC_BYTES, sniff } from "../text/media.ts";
import { withWhole } from "../text/whole.ts";

/** Bytes that are 6 MiB in base64, what a result may carry. */
const MOST_BYTES = ((6 << 20) / 4) * 3;

/** Pictures that models see. Of another, or of one that only its name makes a picture, they refuse the conversation. */
const SEEN: ReadonlySet<string> = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);

type Block = Exclude<Exclude<Content, string>[number], string>;

export const readMediaFile = defineTool({
  name: "read_media_file",
  title: "Read a media file",
  description:
    "Returns a PNG, JPEG, GIF or WebP image or a sound as such, any other file as an embedded resource in base64, with " +
    "its type and size. " +
    "Use read_text_file for text.",
  annotations: READ_ONLY,
  input: z.strictObject({ path: pathInput }),
  media: true,
  run({ path }, { sandbox }: Files, { signal }) {
    const place = sandbox.at(path);
    const most = Math.min(MOST_BYTES, sandbox.maxRead);
    return readMedia(place, most, signal, async (bytes): Promise<Content> => {
      const mimeType = typeOf(bytes.subarray(0, TYPE_BYTES), place.path);
      const facts = `${path}: ${mimeType}, ${counted(bytes.length, "byte")}, etag ${etagOf(bytes)}`;
      // The file first, as clients of the official server look for it.
      return [blockOf(bytes, mimeType, uriOf(place, sandbox)), facts];
    });
  },
});

/** @throws ToolError too_large with both sizes */
function readMedia<T>(
  place: Place,
  most: number,
  signal: AbortSignal,
  work: (bytes: Buffer) => Promise<T>,
): Promise<T> {
  const { root, path, given } = place;
  return onFiles(place, async () => {
    try {
      return await withWhole(place, most, { signal }, ({ bytes }) => work(bytes));
    } catch (error) {
      if (!isCode(error, "too_large")) throw error;
      const file = await root.open(path);
      await file.close();
      throw new ToolError(
        "too_large",
        `${quote(given, 200)} has ${file.stat.size} bytes, and at most ${most} fit into an answer. ` +
          "read_text_file reads text of any size.",
      );
    }
  });
}

function blockOf(bytes: Buffer, mimeType: string, uri: string): Block {
  const data = bytes.toString("base64");
  if (SEEN.has(mimeType) && sniff(bytes.subarray(0, MAGIC_BYTES)) === mimeType)
    return { type: "image", data, mimeType };
  if (mimeType.startsWith("audio/") && data !== "") return { type: "audio", data, mimeType };
  return { type: "resource", resource: { uri, mimeType, blob: data } };
}

/** As the directory was allowed, whatever links lead to it. */
function uriOf({ root, path }: Place, sandbox: Sandbox): string {
  const base = sandbox.allowed().find((allowed) => allowed.root === root)?.path ?? root.path;
  return pathToFileURL(path === "" ? base : `${base}/${path}`).href;
}
