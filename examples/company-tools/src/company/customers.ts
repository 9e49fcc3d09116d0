import { nearest, quote, ToolError } from "@org/server-kit";
import * as z from "zod";
import { type Database, rows } from "./database.ts";

export const PLANS = ["starter", "business", "enterprise"] as const;

export const Customer = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  plan: z.enum(PLANS),
  since: z.string().describe("Date of the contract, YYYY-MM-DD."),
});
export type Customer = z.output<typeof Customer>;

export type Customers = ReturnType<typeof openCustomers>;

/** Customers of a database. */
export function openCustomers(db: Database) {
  const all = () => rows(db, Customer, "SELECT * FROM customers ORDER BY name");
  return {
    /** Customers with `text` in name, email or id, ordered by name; of any plan, or one. */
    search(text: string, plan: Customer["plan"] | undefined): Customer[] {
      const wanted = text.toLowerCase();
      return all().filter(
        ({ id, name, email, ...customer }) =>
          (plan === undefined || customer.plan === plan) &&
          [id, name, email].some((field) => field.toLowerCase().includes(wanted)),
      );
    },
    /**
     * The customer with this id, email address or name. @throws ToolError `not_found` with the nearest names;
     * `invalid_input` when several have the name
     */
    get(given: string): Customer {
      const customers = all();
      const wanted = given.trim().toLowerCase();
      const found = customers.filter(({ id, name, email }) =>
        [id, name, email].some((field) => field.toLowerCase() === wanted),
      );
      const [customer, second] = found;
      if (customer && !second) return customer;
      if (second) {
        const which = found.map(({ id, email }) => `${id} (${email})`).join(", ");
        throw new ToolError(
          "invalid_input",
          `${found.length} customers are named ${quote(given)}: ${which}. Pass the id.`,
        );
      }
      const near = nearest(wanted, names(customers));
      const hint = near.length > 0 ? ` Did you mean ${near.join(" or ")}?` : "";
      throw new ToolError(
        "not_found",
        `no customer is called ${quote(given)}.${hint} search_customers finds parts of names.`,
      );
    },
  };
}

const names = (customers: readonly Customer[]) =>
  customers.flatMap(({ id, name, email }) =>
    [id, name, email].map((field) => [field.toLowerCase(), `${name} (${id})`] as const),
  );
