import type { Column, Param } from "./types.ts";

/** A message's letter, and its length, which includes itself. */
export const HEADER = 5;
const letter = (text: string) => text.charCodeAt(0);
export const DATA_ROW = letter("D");
export const ERROR = letter("E");
export const NOTICE = letter("N");
export const READY = letter("Z");
export const ROW_DESCRIPTION = letter("T");
export const COMMAND_COMPLETE = letter("C");
export const EMPTY_QUERY = letter("I");
export const COPY_IN = letter("G");

export function message(type: number, ...body: readonly Buffer[]): Buffer {
  const head = Buffer.allocUnsafe(HEADER);
  head.writeUInt8(type);
  head.writeUInt32BE(
    body.reduce((sum, { length }) => sum + length, 4),
    1,
  );
  return Buffer.concat([head, ...body]);
}

/** Uses Node's buffer pool for short messages: a separate allocation costs more than building one. */
const zeros = (length: number) => Buffer.allocUnsafe(length).fill(0);

/** One or several statements in the simple protocol. */
export function simpleQuery(sql: string): Buffer {
  const length = Buffer.byteLength(sql) + 5;
  const bytes = zeros(1 + length);
  bytes.writeUInt8(letter("Q"));
  bytes.writeUInt32BE(length, 1);
  bytes.write(sql, HEADER);
  return bytes;
}

export const SYNC = message(letter("S"));
const DESCRIBE = message(letter("D"), Buffer.from("P\0"));
const EXECUTE = message(letter("E"), Buffer.alloc(5));
const TAIL = Buffer.concat([DESCRIBE, EXECUTE]);

/** One unnamed statement in the extended protocol: Parse, Bind, Describe, Execute. All values are text. */
export function extendedQuery(sql: string, params: readonly Param[]): Buffer {
  const lengths = params.map((param) => (param === null ? 0 : Buffer.byteLength(param)));
  const parse = Buffer.byteLength(sql) + 8;
  const bind = lengths.reduce((sum, length) => sum + 4 + length, 12);
  const bytes = zeros(1 + parse + 1 + bind + TAIL.length);
  bytes.writeUInt8(letter("P"));
  bytes.writeUInt32BE(parse, 1);
  bytes.write(sql, HEADER + 1);
  let at = 1 + parse;
  bytes.writeUInt8(letter("B"), at);
  bytes.writeUInt32BE(bind, at + 1);
  bytes.writeUInt16BE(params.length, at + HEADER + 4);
  at += HEADER + 6;
  params.forEach((param, index) => {
    bytes.writeInt32BE(param === null ? -1 : (lengths[index] ?? 0), at);
    at += 4 + (param === null ? 0 : bytes.write(param, at + 4));
  });
  TAIL.copy(bytes, at + 2);
  return bytes;
}

/** The values of a row; null is NULL. */
export function readRow(bytes: Buffer, from: number): (string | null)[] {
  const row: (string | null)[] = new Array(bytes.readUInt16BE(from));
  let at = from + 2;
  for (let column = 0; column < row.length; column++) {
    const length = bytes.readInt32BE(at);
    at += 4;
    row[column] = length < 0 ? null : bytes.toString("utf8", at, at + length);
    at += Math.max(length, 0);
  }
  return row;
}

export function readColumns(bytes: Buffer, from: number): Column[] {
  const columns: Column[] = new Array(bytes.readUInt16BE(from));
  let at = from + 2;
  for (let column = 0; column < columns.length; column++) {
    const end = bytes.indexOf(0, at);
    columns[column] = {
      name: bytes.toString("utf8", at, end),
      tableId: bytes.readUInt32BE(end + 1),
      columnNumber: bytes.readInt16BE(end + 5),
      typeId: bytes.readUInt32BE(end + 7),
      typeModifier: bytes.readInt32BE(end + 13),
    };
    at = end + 19;
  }
  return columns;
}

/** The fields of an error that are used. */
const FIELDS: Readonly<Record<string, string>> = { C: "code", D: "detail", H: "hint", P: "position" };

/** A server's error in node-postgres's form: see `serverError`. */
export function readError(body: Buffer): Error {
  const fields = body
    .toString()
    .split("\0")
    .map((field) => [field.slice(0, 1), field.slice(1)] as const);
  const text = fields.find(([type]) => type === "M")?.[1] ?? "";
  const named = fields.flatMap(([type, value]) => (FIELDS[type] ? [[FIELDS[type], value]] : []));
  return Object.assign(new Error(text), Object.fromEntries(named));
}
