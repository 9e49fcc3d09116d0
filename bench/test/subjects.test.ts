import { afterAll, describe, expect, test } from "vitest";
import { openHttp } from "../src/client/http.ts";
import { ERAS, requestOf } from "../src/client/protocol.ts";
import type { Session } from "../src/client/session.ts";
import { openStdio } from "../src/client/stdio.ts";
import { bundle } from "../src/subjects/bundle.ts";
import { FLOOR } from "../src/subjects/subjects.ts";

const [kit, sdk] = [await bundle("kit"), await bundle("sdk")];
const sessions: Session[] = [];
afterAll(async () => {
  for (const session of sessions) await session.close();
});

async function opened(session: Promise<Session>): Promise<Session> {
  sessions.push(await session);
  return session;
}

// Comparing two servers that do different things would be meaningless.
describe.each([
  ["stdio", openStdio],
  ["HTTP", openHttp],
])("over %s", (_transport, open) => {
  test.each(ERAS)("the two compared servers give a call the same answer in %s", async (era) => {
    const [ours, bare] = [await opened(open([kit], era)), await opened(open([sdk], era))];
    for (const call of [
      { name: "add_numbers", arguments: { a: 2, b: 40 } },
      { name: "echo_text", arguments: { text: "hello" } },
    ]) {
      const request = requestOf(era, "tools/call", call);
      const [mine, theirs] = [await ours.ask(request), await bare.ask(request)];
      expect(mine.result.content).toEqual([expect.objectContaining({ type: "text" })]);
      expect(mine.result.content).toEqual(theirs.result.content);
      expect(mine.result.structuredContent).toEqual(theirs.result.structuredContent);
    }
  });

  test("a failed call is an error rather than a figure", async () => {
    const session = await opened(open([kit], "2026-07-28"));
    const wrong = requestOf("2026-07-28", "tools/call", { name: "echo_text", arguments: { text: 1 } });
    await expect(session.ask(wrong)).rejects.toThrow("invalid_input");
  });
});

test("the floor answers a host, and reports its resource usage", async () => {
  const floor = await opened(openStdio(FLOOR, "2025-11-25"));
  const { result } = await floor.ask(
    requestOf("2025-11-25", "tools/call", { name: "echo", arguments: { text: "hi" } }),
  );
  expect(result).toEqual({ content: [{ type: "text", text: "hi" }] });
  const after = await floor.usage();
  expect(after.cpu).toBeGreaterThan(0);
  expect(after.rss).toBeGreaterThan(10 << 20);
});
