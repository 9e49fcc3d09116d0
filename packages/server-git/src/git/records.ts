/** Splits pieces of any size at a byte; the last record may lack it. */
export async function* splitRecords(
  pieces: AsyncIterable<Buffer>,
  end: "\0" | "\n" = "\0",
): AsyncGenerator<Buffer, void, undefined> {
  const mark = end.charCodeAt(0);
  let open: Buffer[] = [];
  for await (const piece of pieces) {
    let from = 0;
    for (let at = piece.indexOf(mark); at !== -1; at = piece.indexOf(mark, from)) {
      const last = piece.subarray(from, at);
      yield open.length === 0 ? last : Buffer.concat([...open, last]);
      open = [];
      from = at + 1;
    }
    if (from < piece.length) open.push(piece.subarray(from));
  }
  if (open.length > 0) yield Buffer.concat(open);
}
