import { expect, test } from "vitest";
import { useDatabase } from "../postgres.ts";
import { usePostgres } from "../server.ts";
import { SHOP } from "../shop.ts";

const database = useDatabase(SHOP);
const { ok, error } = usePostgres(database.readerUrl);
const first = (text: string) => text.split("\n")[1];

test("names and comments of tables, columns and functions are searched, the best first", async () => {
  expect(first((await ok("search_schema", { query: "customers" })).text)).toContain("app.customers");
  expect(first((await ok("search_schema", { query: "customer email" })).text)).toContain("column app.customers.email");
  const invoices = (await ok("search_schema", { query: "Invoices" })).text;
  expect(invoices).toContain("function app.invoice_total(order_id bigint) returns numeric\t-- What a customer owes");
  expect(invoices).toContain("-- How invoices reach them");
});

test("words that do not occur together are found separately, with a note", async () => {
  const { text } = await ok("search_schema", { query: "profiles zebra" });
  expect(text).toContain("app.profiles");
  expect(text).toContain("none has all words");
});

test("without a match, close names are given", async () => {
  expect((await ok("search_schema", { query: "proflies" })).text).toContain("Close: profiles");
  expect(await error("search_schema", { query: "%_" })).toContain("query has no word");
});

test("pattern characters are taken literally", async () => {
  expect((await ok("search_schema", { query: "a b" })).text).toContain('"Odd Schema"."We""ird.Table".a b');
});

test("short words match only as a separate part of a name", async () => {
  const { text } = await ok("search_schema", { query: "what is an email of a user" });
  expect(text).toContain("column app.customers.email");
  expect(text).not.toContain("column app.customers.name");
});
