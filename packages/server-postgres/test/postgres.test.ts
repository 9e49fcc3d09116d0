import { expect, test } from "vitest";
import { once, useDatabase } from "./postgres.ts";

const database = useDatabase(`
  CREATE SCHEMA app;
  CREATE TABLE app.notes (id int PRIMARY KEY, body text);
  INSERT INTO app.notes VALUES (1, 'Grüße');`);

test("the reader can read what the SQL created, and write nothing", async () => {
  const read = await once(database.readerUrl, "SELECT body FROM app.notes");
  expect(read.rows).toEqual([{ body: "Grüße" }]);
  await expect(once(database.readerUrl, "DELETE FROM app.notes")).rejects.toThrow("permission denied");
});
