import { pathToFileURL } from "node:url";
import { type Content, defineTool, quote, READ_ONLY } from "@org/server-kit";
import * as z from "zod";
import { pathInput } from "../common/fields.ts";
import type { Files } from "../context.ts";
import {
  checkMedia,
  describeMedium,
  type Medium,
  MOST_IMAGE_BYTES,
  MOST_MEDIA_BYTES,
  tooManyBytes,
} from "../media/check.ts";
import { isSeen } from "../media/image.ts";
import { typeOf } from "../media/types.ts";
import { isCode, onFiles } from "../sandbox/errors.ts";
import { onReadable } from "../sandbox/look-alike.ts";
import { refuseSlash } from "../sandbox/trailing-slash.ts";
import type { Place, Sandbox } from "../sandbox/types.ts";
import { etagOf } from "../text/etag.ts";
import { MAGIC_BYTES } from "../text/sniff.ts";
import { withWhole } from "../text/whole.ts";

type Block = Exclude<Exclude<Content, string>[number], string>;

export const readMediaFile = defineTool({
  name: "read_media_file",
  title: "Read a media file",
  description:
    "Returns a PNG, JPEG, GIF or WebP image or a sound, or any other file as an embedded resource in base64, then a line " +
    "of facts: type, size, pixels, etag. Use read_text_file for text.",
  annotations: READ_ONLY,
  input: z.strictObject({ path: pathInput }),
  media: true,
  async run({ path }, { sandbox }: Files, { signal }) {
    const given = sandbox.at(path);
    refuseSlash(given);
    const { value, readAs } = await onReadable(given, (place) =>
      readMedia(place, Math.min(MOST_MEDIA_BYTES, sandbox.maxRead), signal, async (bytes) => {
        const medium = checkMedia(bytes, place.path, path);
        const facts = `etag: ${etagOf(bytes)}, ${describeMedium(medium, bytes.length)}`;
        return { block: blockOf(bytes, medium, uriOf(place, sandbox)), facts };
      }),
    );
    // The file first, where clients of the official server expect it.
    return [value.block, value.facts + (readAs === undefined ? "" : `, read from "${readAs}"`)];
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
      await using file = await root.open(path);
      const isImage = isSeen(typeOf(await file.read(0, MAGIC_BYTES, signal), path));
      throw tooManyBytes(quote(given, 200), file.stat.size, isImage ? Math.min(most, MOST_IMAGE_BYTES) : most, isImage);
    }
  });
}

function blockOf(bytes: Buffer, { type: mimeType, image }: Medium, uri: string): Block {
  const data = bytes.toString("base64");
  if (image) return { type: "image", data, mimeType };
  if (mimeType.startsWith("audio/") && data !== "") return { type: "audio", data, mimeType };
  return { type: "resource", resource: { uri, mimeType, blob: data } };
}

/** In the form in which the directory was allowed, whatever links lead to it. */
function uriOf({ root, path }: Place, sandbox: Sandbox): string {
  const base = sandbox.allowed().find((allowed) => allowed.root === root)?.path ?? root.path;
  return pathToFileURL(path === "" ? base : `${base}/${path}`).href;
}
