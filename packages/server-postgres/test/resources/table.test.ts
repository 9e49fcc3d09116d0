import { ERAS } from "@org/server-kit/testing";
import { describe, expect, test } from "vitest";
import { useDatabase } from "../postgres.ts";
import { usePostgres } from "../server.ts";
import { SHOP } from "../shop.ts";

const many = Array.from({ length: 1100 }, (_, at) => `CREATE TABLE many.t${at} ();`).join("\n");
const database = useDatabase(`${SHOP} CREATE SCHEMA many; ${many}`);

describe.each(ERAS)("in the %s era", (era) => {
  const { client } = usePostgres(database.readerUrl, { era });
  const complete = async (name: string, value: string) => {
    const ref = { type: "ref/resource", uri: "postgres://{database}/{schema}/{table}" } as const;
    return (await client().complete({ ref, argument: { name, value } })).completion.values;
  };

  test("a table's definition is read, whatever its name", async () => {
    const read = async (uri: string): Promise<unknown> => {
      const [content] = (await client().readResource({ uri })).contents;
      return JSON.parse(content && "text" in content ? content.text : "null");
    };
    expect(await read("postgres://main/app/items")).toMatchObject({ foreign_keys: [{ table: "app.orders" }] });
    const odd = `postgres://main/Odd%20Schema/${encodeURIComponent('We"ird.Table')}`;
    expect(await read(odd)).toMatchObject({ columns: [{ name: "a b" }] });
  });

  test("a missing table is an unknown resource", async () => {
    for (const uri of ["postgres://main/app/nothing", "postgres://other/app/items"]) {
      await expect(client().readResource({ uri })).rejects.toMatchObject({ code: -32602 });
    }
  });

  test("all tables are listed, page by page", async () => {
    const uris: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await client().listResources(cursor === undefined ? {} : { cursor });
      uris.push(...page.resources.map(({ uri }) => uri));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(uris).toContain("postgres://main/app/customers");
    expect(uris).toContain("postgres://main/Odd%20Schema/We%22ird.Table");
    expect(new Set(uris).size).toBe(uris.length);
    expect(uris).toHaveLength(1110);
  });

  test("each part of the URI is completed", async () => {
    expect(await complete("database", "m")).toEqual(["main"]);
    expect(await complete("schema", "Odd")).toEqual(["Odd Schema"]);
    expect(await complete("table", "cust")).toEqual(["customers"]);
  });
});
