import { useFolder } from "@org/server-kit/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { coAuthorsOf, parseMessage } from "../../src/history/log/trailers.ts";
import { newRepository } from "../git.ts";

const folder = useFolder();

test("subject, body, trailers and co-authors are told apart", () => {
  const message = parseMessage(
    "Count words\nin any script\n\nWhy: because.\n\nMore.\n\nCo-authored-by: Jörg <j@x.de>\nco-authored-by: No Address\nRefs: #12\n  and #13\n",
  );
  expect(message).toEqual({
    subject: "Count words in any script",
    body: "Why: because.\n\nMore.",
    trailers: [
      { key: "Co-authored-by", value: "Jörg <j@x.de>" },
      { key: "co-authored-by", value: "No Address" },
      { key: "Refs", value: "#12 and #13" },
    ],
  });
  expect(coAuthorsOf(message.trailers)).toEqual([
    { name: "Jörg", email: "j@x.de" },
    { name: "No Address", email: "" },
  ]);
});

test("neither a last paragraph of prose nor a subject is a trailer", () => {
  expect(parseMessage("fix: all").trailers).toEqual([]);
  expect(parseMessage("Fix\n\nNote: this\nis prose").body).toBe("Note: this\nis prose");
  expect(parseMessage("").subject).toBe("");
});

test("a message of a megabyte is parsed quickly, whatever it contains", () => {
  const many = (text: string) => text.repeat(1e6 / text.length);
  const spaces = parseMessage(`Fix\n\na${many(" ")}b\n${many("\n")}c\n\n`);
  expect(spaces.body).toBe(`a${many(" ")}b\n${many("\n")}c`);
  expect(parseMessage(`${many("\n")}Fix${many("\n")}`)).toEqual({ subject: "Fix", body: "", trailers: [] });
  const { trailers } = parseMessage(`Fix\n\nCo-authored-by: a${many(" ")}<b\n${many(" c\n")} d>\n`);
  expect(trailers[0]?.value.endsWith(" c c d>")).toBe(true);
  expect(coAuthorsOf([{ key: "Co-authored-by", value: `a${many(" ")}b` }])).toMatchObject([{ email: "" }]);
  expect(coAuthorsOf([{ key: "Co-authored-by", value: `a${many(" ")}<b>` }])).toEqual([{ name: "a", email: "b" }]);
});

test("finds the same trailers as git", () => {
  const git = newRepository(folder.at("trailers"));
  const tree = git("mktree");
  const line = fc.constantFrom(
    "Signed-off-by: A <a@x>",
    "Co-authored-by: B <b@x>",
    "Fixes : #1",
    "(cherry picked from commit abc)",
    "prose here",
    " continued",
    "X:",
    "a b: c",
  );
  fc.assert(
    fc.property(
      fc.array(fc.array(line, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 3 }),
      (paragraphs) => {
        const text = ["Subject", ...paragraphs.map((lines) => lines.join("\n"))].join("\n\n");
        const id = git.run(["commit-tree", tree, "-F", "-"], { input: text }).toString().trim();
        const asked = git("log", "-1", "--format=%(trailers:only,unfold,separator=%x0A)", id);
        const ours = parseMessage(text).trailers.map(({ key, value }) => `${key}: ${value}`.trim());
        expect(ours).toEqual(
          asked
            .split("\n")
            .filter(Boolean)
            .map((one) => one.replace(/\s*:\s*/, ": ").trim()),
        );
      },
    ),
    { numRuns: 30 },
  );
});
