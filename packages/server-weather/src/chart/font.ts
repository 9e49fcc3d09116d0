/** A letter in its font's units. The outline is an SVG path from the letter's origin to the next letter's. */
export interface Glyph {
  readonly width: number;
  readonly outline: string;
}

export interface Font {
  /** Font units per em. */
  readonly unitsPerEm: number;
  /** Undefined if the font lacks the letter. */
  glyph(letter: string): Glyph | undefined;
}

interface OutlinePoint {
  readonly x: number;
  readonly y: number;
  /** If false, it is the control point of a curve. */
  readonly isOn: boolean;
}
type Contour = readonly OutlinePoint[];

/**
 * Reads a TrueType font made like the shipped ones: its characters in a `cmap` of format 4, its outlines behind a short
 * `loca`, and no kerning. The renderer would read the file again for every letter, which is a third of the time of a picture.
 */
export function readFont(bytes: Buffer): Font {
  const word = (at: number) => bytes.readUInt16BE(at);
  const short = (at: number) => bytes.readInt16BE(at);
  const tables = new Map(
    Array.from({ length: word(4) }, (_, index) => {
      const at = 12 + 16 * index;
      return [bytes.toString("latin1", at, at + 4), bytes.readUInt32BE(at + 8)] as const;
    }),
  );
  const table = (tag: string): number => tables.get(tag) ?? Number.NaN;
  const [loca, glyf, hmtx] = [table("loca"), table("glyf"), table("hmtx")];
  const characters = table("cmap") + bytes.readUInt32BE(table("cmap") + 8);
  const lastWidth = word(table("hhea") + 34) - 1;
  const glyphs = new Map<string, Glyph | undefined>();

  function glyph(letter: string): Glyph | undefined {
    if (!glyphs.has(letter)) {
      const index = indexOf(letter.codePointAt(0) ?? 0);
      const width = word(hmtx + 4 * Math.min(index, lastWidth));
      glyphs.set(letter, index === 0 ? undefined : { width, outline: outlineOf(contoursOf(index), width) });
    }
    return glyphs.get(letter);
  }

  /** The glyph of a character; 0 where there is none. */
  function indexOf(code: number): number {
    const size = word(characters + 6);
    const ends = characters + 14;
    const starts = ends + size + 2;
    for (let at = 0; at < size; at += 2) {
      if (code > word(ends + at)) continue;
      const start = word(starts + at);
      if (code < start) return 0;
      const range = starts + 2 * size + at;
      const found = word(range) === 0 ? code : word(range + word(range) + 2 * (code - start));
      return found === 0 ? 0 : (found + word(starts + size + at)) & 0xffff;
    }
    return 0;
  }

  function contoursOf(index: number): Contour[] {
    const [from, to] = [2 * word(loca + 2 * index), 2 * word(loca + 2 * index + 2)];
    if (from === to) return [];
    const count = short(glyf + from);
    return count < 0 ? composed(glyf + from + 10) : drawn(glyf + from + 10, count);
  }

  function drawn(at: number, count: number): Contour[] {
    const ends = Array.from({ length: count }, (_, contour) => word(at + 2 * contour) + 1);
    const instructions = at + 2 * count;
    let next = instructions + 2 + word(instructions);
    const flags: number[] = [];
    while (flags.length < (ends.at(-1) ?? 0)) {
      const flag = bytes.readUInt8(next++);
      const times = flag & 8 ? 1 + bytes.readUInt8(next++) : 1;
      flags.push(...Array<number>(times).fill(flag));
    }
    const coordinates = (isByte: number, isSame: number) => {
      let value = 0;
      return flags.map((flag) => {
        if (flag & isByte) value += bytes.readUInt8(next++) * (flag & isSame ? 1 : -1);
        else if (!(flag & isSame)) {
          value += short(next);
          next += 2;
        }
        return value;
      });
    };
    const [xs, ys] = [coordinates(2, 16), coordinates(4, 32)];
    const points = flags.map((flag, point) => ({ x: xs[point] ?? 0, y: ys[point] ?? 0, isOn: (flag & 1) === 1 }));
    return ends.map((end, contour) => points.slice(ends[contour - 1] ?? 0, end));
  }

  /** A letter composed of others, such as one with an accent. Each part is moved, and may be transformed. */
  function composed(at: number): Contour[] {
    const flags = word(at);
    const isWide = (flags & 1) === 1;
    const [right, up] = isWide ? [short(at + 4), short(at + 6)] : [bytes.readInt8(at + 4), bytes.readInt8(at + 5)];
    let next = at + (isWide ? 8 : 6);
    const factor = () => {
      next += 2;
      return short(next - 2) / 16_384;
    };
    let [xx, xy, yx, yy] = [1, 0, 0, 1];
    if (flags & 0x08) xx = yy = factor();
    else if (flags & 0x40) [xx, yy] = [factor(), factor()];
    else if (flags & 0x80) [xx, xy, yx, yy] = [factor(), factor(), factor(), factor()];
    const part = contoursOf(word(at + 2)).map((contour) =>
      contour.map(({ x, y, isOn }) => ({
        x: Math.round(xx * x + yx * y + right),
        y: Math.round(xy * x + yy * y + up),
        isOn,
      })),
    );
    return flags & 0x20 ? [...part, ...composed(next)] : part;
  }

  return { unitsPerEm: word(table("head") + 18), glyph };
}

/** Only relative steps, so that the outlines of letters can be concatenated. */
function outlineOf(contours: readonly Contour[], width: number): string {
  let path = "";
  let pen = { x: 0, y: 0 };
  const step = ({ x, y }: { x: number; y: number }) => `${x - pen.x},${y - pen.y}`;
  for (const contour of contours) {
    // Between two control points there is an implied point on the outline, which fonts omit.
    const points = contour.flatMap((point, at) => {
      const before = contour.at(at - 1) ?? point;
      const between = { x: (before.x + point.x) >> 1, y: (before.y + point.y) >> 1, isOn: true };
      return before.isOn || point.isOn ? [point] : [between, point];
    });
    const first = points.findIndex(({ isOn }) => isOn);
    const [start, ...others] = [...points.slice(first), ...points.slice(0, first)];
    if (!start) continue;
    path += `m${step(start)}`;
    pen = start;
    let bend: OutlinePoint | undefined;
    for (const point of [...others, start]) {
      if (point.isOn) {
        path += bend ? `q${step(bend)} ${step(point)}` : `l${step(point)}`;
        pen = point;
      }
      bend = point.isOn ? undefined : point;
    }
    path += "z";
  }
  return `${path}m${step({ x: width, y: 0 })}`;
}
