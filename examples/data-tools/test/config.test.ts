import { once } from "node:events";
import { symlinkSync } from "node:fs";
import { ERAS, useServer } from "@org/server-kit/testing";
import { describe, expect, test } from "vitest";
import { dataServer } from "../src/server.ts";

describe.each(ERAS)("in the %s era", (era) => {
  const files = {
    "app.json": JSON.stringify({
      url: "postgres://me:hunter2@db/x",
      password: "hunter2",
      keys: [{ api_key: "hunter2", accessToken: ["hunter2"] }],
      maxTokens: 4000,
      resetPassword: true,
    }),
    "broken.json": '{"password": "hunter2"',
    "notes.txt": "hunter2",
    "a b.json": "1",
  };
  const { client, folder } = useServer(dataServer, { era, files, args: ({ path }) => [path] });
  const read = async (uri: string) => (await client().readResource({ uri })).contents;

  test("JSON files are listed, and nothing else", async () => {
    symlinkSync("/etc/hostname", folder.at("link.json"));
    const { resources } = await client().listResources();
    expect(resources.map(({ uri }) => uri)).toEqual(["config://a%20b", "config://app", "config://broken"]);
    expect(await read("config://a%20b")).toMatchObject([{ text: "1", mimeType: "application/json" }]);
    for (const name of ["link", "notes.txt", "..%2Fapp", "none"])
      await expect(read(`config://${name}`)).rejects.toThrow();
  });

  test("secrets are redacted, and an error does not quote them", async () => {
    const text = JSON.stringify(await read("config://app"));
    expect(text).not.toContain("hunter2");
    expect(text).toMatch(/postgres:\/\/me:\[redacted\]@db\/x.*maxTokens\\": 4000.*resetPassword\\": true/s);
    await expect(read("config://broken")).rejects.toThrow(/broken\.json is not valid JSON/);
    await expect(read("config://broken")).rejects.not.toThrow(/hunter2/);
  });

  test("who subscribes hears of a change", async () => {
    const heard = new EventTarget();
    client().setNotificationHandler("notifications/resources/updated", ({ params }) => {
      heard.dispatchEvent(new Event(params.uri));
    });
    const uri = "config://app";
    if (era === "2026-07-28") await client().listen({ resourceSubscriptions: [uri] });
    else await client().subscribeResource({ uri });
    const change = once(heard, uri);
    folder.write("app.json", '{"changed": true, "by": "another program"}');
    await change;
  });
});
