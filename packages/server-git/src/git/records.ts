/** Splits a stream at a byte: yields the records completed by each piece. The last record may lack its terminator. */
export async function* splitRecords(
  pieces: AsyncIterable<Buffer>,
  end: "\0" | "\n" = "\0",
): AsyncGenerator<Buffer[], void, undefined> {
  const mark = end.charCodeAt(0);
  let open: Buffer[] = [];
  for await (const piece of pieces) {
    const records: Buffer[] = [];
    let from = 0;
    for (let at = piece.indexOf(mark); at !== -1; at = piece.indexOf(mark, from)) {
      const last = piece.subarray(from, at);
      records.push(open.length === 0 ? last : Buffer.concat([...open, last]));
      open = [];
      from = at + 1;
    }
    if (from < piece.length) open.push(piece.subarray(from));
    if (records.length > 0) yield records;
  }
  if (open.length > 0) yield [Buffer.concat(open)];
}
