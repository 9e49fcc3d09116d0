import fc from "fast-check";
import iconv from "iconv-lite";
import { expect, test } from "vitest";
import { useServer } from "../use-server.ts";

// Limits so low that small files are read as gigabytes would be.
const server = useServer({ args: ["--max-read", "10", "--max-output", "4000"] });

const LETTERS: Readonly<Record<string, string>> = { shift_jis: "aソ表能ｱ ", "euc-jp": "aソ表能 " };
const ENCODINGS = ["utf-8", "utf-16le", "utf-16be", "utf-32", "gb18030", "shift_jis", "euc-jp"];

test.each(ENCODINGS)("parts of a file in %s join to the file, and its end is its end", async (encoding) => {
  const letter = fc.constantFrom(...(LETTERS[encoding] ?? "aé表😀㐀\r "));
  const line = fc.array(letter, { maxLength: 90 }).map((letters) => letters.join(""));
  await fc.assert(
    fc.asyncProperty(fc.array(line, { minLength: 60, maxLength: 160 }), fc.nat(160), async (lines, tail) => {
      const whole = `${lines.join("\n")}\nend\n`;
      server.folder.write("file.txt", iconv.encode(whole, encoding));
      let joined = "";
      for (let offset = 1; offset > 0; ) {
        const { blocks } = await server.ok("read_text_file", { path: "file.txt", offset, encoding });
        joined += blocks[0];
        offset = Number(/next offset (\d+)$/.exec(blocks[1] ?? "")?.[1] ?? 0);
      }
      expect(joined).toBe(whole);
      const { blocks } = await server.ok("read_text_file", { path: "file.txt", tail: tail + 1, encoding });
      const [text = "", facts = ""] = blocks;
      expect(whole.endsWith(`\n${text}`) || text === whole).toBe(true);
      expect(facts).not.toContain("U+FFFD");
      const fits = whole
        .split("\n")
        .slice(-2 - tail)
        .join("\n");
      if (fits.length <= 3500 && lines.length > tail) expect(text).toBe(fits);
    }),
    { numRuns: 30 },
  );
});

test.each(ENCODINGS)("the end of one line of %s without an end is cut between characters", async (encoding) => {
  const letters = LETTERS[encoding]?.trim() ?? "é表😀㐀";
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...letters), { minLength: 4500, maxLength: 4600 }), async (list) => {
      const whole = list.map((letter, at) => (at % 10 === 0 ? `${letter} ` : letter)).join("");
      server.folder.write("line.txt", iconv.encode(whole, encoding));
      const { blocks } = await server.ok("read_text_file", { path: "line.txt", tail: 3, encoding });
      expect(whole.endsWith(blocks[0] ?? "?")).toBe(true);
      expect(blocks[0]?.length).toBeGreaterThan(3480);
      expect(blocks[1]).toMatch(/the first line shown is cut: its last \d+ characters are shown$/);
    }),
    { numRuns: 10 },
  );
});
