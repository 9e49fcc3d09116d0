import fc from "fast-check";
import { expect, test } from "vitest";
import { matcher } from "../src/resource.ts";

test.each([
  ["a://x", "a://x", {}],
  ["a://x", "a://x/", undefined],
  ["a://x", "b://a://x", undefined],
  ["a://{id}", "a://1", { id: "1" }],
  ["a://{id}", "a://1/2", undefined],
  ["a://{id}", "a://1%2F2", { id: "1/2" }],
  ["a://{id}", "a://", undefined],
  ["a:///{+path}", "a:///b/c%20d.md", { path: "b/c d.md" }],
  ["a:///{+path}", "a:///../x", { path: "../x" }],
  ["a:///{+path}", "a:///line\nbreak", { path: "line\nbreak" }],
  ["a://{db}/{table}", "a://main/users", { db: "main", table: "users" }],
  ["a.b://{x}", "aXb://1", undefined],
  ["a://{id}", "a://%", undefined],
  ["a://{id}", "a://%C3%28", undefined],
  ["a://{id}", "a://%00", { id: "\0" }],
])("%s against %j", (template, uri, variables) => {
  expect(matcher(template)(uri)).toEqual(variables);
});

test("what is encoded into a URI comes back, whatever it is", () => {
  const match = matcher("note:///{+path}");
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", minLength: 1 }), (path) => {
      expect(match(`note:///${encodeURIComponent(path)}`)).toEqual({ path });
      expect(match(`note:///${encodeURI(path)}`)).toEqual({ path });
    }),
  );
});
