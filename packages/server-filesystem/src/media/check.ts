import { counted, quote, ToolError } from "@org/server-kit";
import { type ImageSize, imageSize, isSeen } from "./image.ts";
import { isText, TYPE_BYTES, typeByName, typeOf } from "./types.ts";

/** Most bytes of an image: hosts count its base64, and accept 5 MiB. */
export const MOST_IMAGE_BYTES = ((5 << 20) / 4) * 3;
/** Most bytes of any other file: 6 MiB in base64, the limit of a result. */
export const MOST_MEDIA_BYTES = ((6 << 20) / 4) * 3;
/** Most pixels per side of an image that models accept. */
const MOST_PIXELS = 8000;

/** The kind of a media file that has been checked to be safe to give to a model. */
export interface Medium {
  readonly type: string;
  /** For an image that models can see. */
  readonly image?: ImageSize;
}

/**
 * Checks a file before a model gets it: in some hosts, an image that the model cannot read ends the conversation.
 * @throws ToolError unsupported for a file that is incomplete or not of the type in its name; too_large for an image
 */
export function checkMedia(bytes: Buffer, path: string, given: string): Medium {
  const name = quote(given, 200);
  const type = typeOf(bytes.subarray(0, TYPE_BYTES), path);
  const named = typeByName(path) ?? "";
  if (/^(?:image|audio|video)\//.test(named) && named !== "image/svg+xml") checkContent(bytes, named, name);
  if (!isSeen(type)) return { type };
  if (bytes.length > MOST_IMAGE_BYTES) throw tooManyBytes(name, bytes.length, MOST_IMAGE_BYTES, true);
  const image = imageSize(bytes, type);
  if (!image) {
    throw new ToolError(
      "unsupported",
      `${name} is cut off or broken: it begins as ${type}, but is not a whole image. Get a complete copy of it.`,
    );
  }
  const { width, height } = image;
  if (width > MOST_PIXELS || height > MOST_PIXELS) {
    throw new ToolError(
      "too_large",
      `${name} has ${width}x${height} pixels, and models take at most ${MOST_PIXELS} on a side. Scale it down first.`,
    );
  }
  return { type, image };
}

export const tooManyBytes = (name: string, size: number, most: number, isImage: boolean) =>
  new ToolError(
    "too_large",
    isImage
      ? `${name} has ${size} bytes, and an image may have at most ${most}. Scale it down or compress it first.`
      : `${name} has ${size} bytes, and at most ${most} fit into an answer. read_text_file reads text of any size.`,
  );

/** @throws ToolError unsupported when a file named as an image or a sound holds something else */
function checkContent(bytes: Buffer, named: string, name: string): void {
  const what = contentOf(bytes.subarray(0, TYPE_BYTES));
  if (what !== undefined) {
    throw new ToolError("unsupported", `${name} is named like ${named}, but ${what}`);
  }
}

const LFS = "version https://git-lfs.github.com/spec/";

function contentOf(start: Buffer): string | undefined {
  if (start.length === 0) return "is empty.";
  if (!isText(start)) return undefined;
  const text = start.toString("latin1").trimStart();
  if (text.startsWith(LFS)) return "is only a Git LFS pointer to it. Fetch the file with git lfs pull first.";
  const kind = /^[[{]/.test(text) ? "JSON" : /^<(?:!doctype html|html|head|body)/i.test(text) ? "HTML" : "text";
  return `holds ${kind}. Use read_text_file to see what it says.`;
}

/** `image/png, 640x480 pixels, 12 bytes` */
export const describeMedium = ({ type, image }: Medium, size: number): string =>
  [type, ...(image ? [`${image.width}x${image.height} pixels`] : []), counted(size, "byte")].join(", ");
