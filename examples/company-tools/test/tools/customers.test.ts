import { useServer } from "@org/server-kit/testing";
import { expect, test } from "vitest";
import { companyServer } from "../../src/server.ts";

const { ok, error } = useServer(companyServer, { args: (folder) => [folder.path] });

test("customers are found by parts of names, and by plan", async () => {
  expect((await ok("search_customers", { query: "jana" })).value).toMatchObject({
    total: 2,
    customers: [{ id: "C-1008" }, { id: "C-1009" }],
  });
  expect((await ok("search_customers", { query: "jana", plan: "business" })).value).toMatchObject({ total: 1 });
  expect((await ok("search_customers", { limit: 3 })).text).toMatch(/^16 customers, the first 3 here/);
});

test.each(["C-1013", "LIGHTS@obrientheatre.example", "o'brien theatre"])("%s is one customer", async (customer) => {
  expect((await ok("get_customer", { customer })).value).toMatchObject({ id: "C-1013", open_tickets: [] });
});

test("an ambiguous name is refused, with both customers; a misspelt one gets suggestions", async () => {
  expect(await error("get_customer", { customer: "Jana Novák" })).toBe(
    'invalid_input: 2 customers are named "Jana Novák": C-1008 (jana.novak@mail.example), C-1009 (jana@novak-studio.example). Pass the id.',
  );
  expect(await error("get_customer", { customer: "Habor Clinic" })).toContain("Did you mean Harbor Clinic (C-1007)?");
});
