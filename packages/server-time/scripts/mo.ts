import { readFile } from "node:fs/promises";

const LITTLE_ENDIAN = 0x950412de;

/** The texts of a compiled gettext catalogue by key; empty when there is no such file. */
export async function readMo(path: string): Promise<ReadonlyMap<string, string>> {
  const bytes = await readFile(path).catch(() => undefined);
  if (!bytes) return new Map();
  const isLittle = bytes.readUInt32LE(0) === LITTLE_ENDIAN;
  const number = (at: number) => (isLittle ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at));
  const [count, keys, texts] = [number(8), number(12), number(16)];
  const text = (table: number, index: number) => {
    const [length, start] = [number(table + 8 * index), number(table + 8 * index + 4)];
    return bytes.toString("utf8", start, start + length);
  };
  return new Map(Array.from({ length: count }, (_, index) => [text(keys, index), text(texts, index)]));
}
