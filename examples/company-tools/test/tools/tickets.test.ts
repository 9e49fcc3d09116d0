import path from "node:path";
import { call, connect, spawn, useCleanup, useFolder, useServer } from "@org/server-kit/testing";
import { describe, expect, test } from "vitest";
import { companyServer } from "../../src/server.ts";

const request = {
  customer: "Harbor Clinic",
  subject: "Corridor dark at night",
  description: "Since the update, the lamps of the corridor go off at midnight.",
};

describe("one desk", () => {
  const { ok, error } = useServer(companyServer, { args: (folder) => [folder.path] });

  test("a call that is repeated opens one ticket", async () => {
    const first = await ok("create_ticket", { ...request, priority: "urgent" });
    const again = await ok("create_ticket", { ...request, priority: "urgent", subject: ` ${request.subject} ` });
    expect(first.value).toMatchObject({ created: true, ticket: { id: "T-1", customer: "C-1007", status: "open" } });
    expect(again.value).toEqual({ ...first.value, created: false });
    expect((await ok("get_customer", { customer: "C-1007" })).value).toMatchObject({ open_tickets: [{ id: "T-1" }] });
  });

  test("urgent is refused below the enterprise plan, with what to do", async () => {
    const refused = await error("create_ticket", { ...request, customer: "C-1002", priority: "urgent" });
    expect(refused).toBe(
      "access_denied: priority urgent is for the enterprise plan, and Café Miró has starter. Use high; policies://support-hours has the rule.",
    );
    expect((await ok("list_tickets", { customer: "C-1002" })).value).toEqual({ tickets: [] });
  });

  test("a ticket is resolved once; after that the same request is a new ticket", async () => {
    const resolution = "Firmware 3.1 was rolled back.";
    expect((await ok("resolve_ticket", { ticket: "t-1", resolution })).value).toMatchObject({
      status: "resolved",
      resolution,
    });
    expect((await ok("resolve_ticket", { ticket: "T-1", resolution })).value).toMatchObject({ status: "resolved" });
    expect(await error("resolve_ticket", { ticket: "1", resolution: "They bought new lamps." })).toBe(
      'conflict: T-1 is already resolved ("Firmware 3.1 was rolled back."). Open a new ticket for anything left to do.',
    );
    expect((await ok("create_ticket", request)).value).toMatchObject({ created: true, ticket: { id: "T-2" } });
  });

  test("a long description is shortened in the list, and whole in the ticket", async () => {
    const description = `It began on Monday. ${"Then it went on. ".repeat(100)}It is dark.`;
    const { value } = await ok("create_ticket", { customer: "C-1005", subject: "A long story", description });
    expect((await ok("list_tickets", { customer: "C-1005" })).text).not.toContain("It is dark.");
    expect(value).toMatchObject({ ticket: { id: "T-3" } });
    expect((await ok("get_ticket", { ticket: "T-3" })).value).toMatchObject({ description });
  });

  test.each(["T-99", "0"])("ticket %s does not exist", async (ticket) => {
    expect(await error("resolve_ticket", { ticket, resolution: "It solved itself." })).toMatch(/^not_found/);
  });

  test.each(["T-1 or 1=1", "1; DROP TABLE tickets", "-1"])("%j is not a ticket", async (ticket) => {
    expect(await error("resolve_ticket", { ticket, resolution: "It solved itself." })).toMatch(/^invalid_input/);
  });

  test("pages of tickets hold each ticket once, the latest first", async () => {
    for (let at = 0; at < 7; at++) await ok("create_ticket", { ...request, subject: `Lamp ${at} is dark` });
    const ids: unknown[] = [];
    let cursor: unknown;
    do {
      const { value } = await ok("list_tickets", {
        customer: "C-1007",
        limit: 3,
        ...(cursor !== undefined && { cursor }),
      });
      ids.push(...(Array.isArray(value.tickets) ? value.tickets.map(({ id }) => id) : []));
      cursor = value.next_cursor;
    } while (cursor !== undefined);
    expect(ids).toEqual(["T-10", "T-9", "T-8", "T-7", "T-6", "T-5", "T-4", "T-2"]);
  });
});

describe("several processes", () => {
  const folder = useFolder();
  const cleanup = useCleanup();
  const bin = path.resolve(import.meta.dirname, "../../dist/cli.js");

  test("eight that start at once in an empty folder open one ticket, and all of them know it", async () => {
    const started = await Promise.all(Array.from({ length: 8 }, () => spawn(bin, { args: [folder.path] })));
    for (const { close } of started) cleanup(close);
    const answers = await Promise.all(started.map(({ client }) => call(client, "create_ticket", request)));
    expect(
      answers.map(({ text }) => text.replace(/^Open already:|^Opened/, "")).every((text, _, all) => text === all[0]),
    ).toBe(true);
    expect(answers.filter(({ value }) => value.created)).toHaveLength(1);
  });

  test("with --read-only nobody can write, and everything can be read", async () => {
    const { client, close } = await connect(companyServer, { args: [folder.path, "--read-only"] });
    cleanup(close);
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual([
      "search_customers",
      "get_customer",
      "search_articles",
      "read_article",
      "list_tickets",
      "get_ticket",
    ]);
    expect((await call(client, "list_tickets", {})).value).toMatchObject({ tickets: [{ id: "T-1" }] });
  });
});
