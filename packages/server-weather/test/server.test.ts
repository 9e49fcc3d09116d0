import { connect } from "@org/server-kit/testing";
import { expect, test } from "vitest";
import { weatherServer } from "../src/server.ts";

test("a language that does not exist is refused at the start", async () => {
  const start = connect(weatherServer, { args: ["--language", "not a tag"] });
  await expect(start).rejects.toThrow("is not a language tag");
});
