/** Attachments by extension; files with other extensions are not attachments. */
const TYPES: Readonly<Record<string, string>> = {
  avif: "image/avif",
  base: "text/yaml",
  bmp: "image/bmp",
  canvas: "application/json",
  csv: "text/csv",
  flac: "audio/flac",
  gif: "image/gif",
  jpeg: "image/jpeg",
  jpg: "image/jpeg",
  json: "application/json",
  m4a: "audio/mp4",
  markdown: "text/markdown",
  md: "text/markdown",
  mov: "video/quicktime",
  mp3: "audio/mpeg",
  mp4: "video/mp4",
  ogg: "audio/ogg",
  pdf: "application/pdf",
  png: "image/png",
  svg: "image/svg+xml",
  txt: "text/plain",
  wav: "audio/wav",
  webm: "video/webm",
  webp: "image/webp",
};

/** @returns undefined for a file that is neither a note nor an attachment */
export function mimeTypeOf(path: string): string | undefined {
  const ending = /\.(\w+)$/.exec(path)?.[1]?.toLowerCase() ?? "";
  return Object.hasOwn(TYPES, ending) ? TYPES[ending] : undefined;
}

export const isText = (mimeType: string): boolean => mimeType.startsWith("text/") || mimeType === "application/json";
