import { readFile, writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { ATTACKS, type Attack } from "./attacks.ts";

const WORDS: Readonly<Record<Attack["stoppedBy"], string>> = {
  "one statement": "grammar: one statement",
  "statement rules": "grammar: statements that read",
  catalogue: "catalogue",
  secrets: "catalogue: tables with secrets",
  constants: "grammar: size of constants",
};
const BEGIN = "<!-- attacks -->\n";
const END = "<!-- /attacks -->";

const cell = (sql: string) => `\`${sql.replaceAll("\n", " ").replaceAll("|", "\\|").replaceAll("`", "'")}\``;

function table(): string {
  const rows = ATTACKS.map(({ name, stoppedBy, examples }) => {
    const short = examples.filter((each) => each.length < 70).slice(0, 2);
    return `| ${name} | ${short.map(cell).join("<br>")} | ${examples.length} | ${WORDS[stoppedBy]} |`;
  });
  return ["| Attack | For example | Tried | Stopped by |", "| --- | --- | --- | --- |", ...rows].join("\n");
}

// `UPDATE=1 vitest run test/guard/readme.test.ts` writes it.
test("the README's table of attacks matches the tests", async () => {
  const text = await readFile("README.md", "utf8");
  const [before, rest = ""] = text.split(BEGIN);
  const [, after] = rest.split(END);
  const expected = `${before}${BEGIN}\n${table()}\n\n${END}${after}`;
  if (process.env.UPDATE) await writeFile("README.md", expected);
  else expect(text).toBe(expected);
});
