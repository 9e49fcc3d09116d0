import { counted, defineTool, READ_ONLY } from "@org/server-kit";
import * as z from "zod";
import { Customer, PLANS } from "../company/customers.ts";
import type { Company } from "../context.ts";

export const searchCustomers = defineTool({
  name: "search_customers",
  title: "Search customers",
  description:
    "Returns customers whose name, email address or id contains a text, by name. Use get_customer for one customer with the tickets.",
  annotations: READ_ONLY,
  input: z.strictObject({
    query: z.string().max(200).default("").describe('Part of name, email address or id; "" for all.'),
    plan: z.enum(PLANS).optional().describe("Only customers of this plan."),
    limit: z.int().min(1).max(100).default(20).describe("Customers to return."),
  }),
  output: z.object({
    total: z.int().describe("Customers that match."),
    customers: z.array(Customer),
  }),
  async run({ query, plan, limit }, { desk }: Company) {
    const found = (await desk()).customers.search(query, plan);
    return { total: found.length, customers: found.slice(0, limit) };
  },
  render({ total, customers }) {
    const rest = total > customers.length ? `, the first ${customers.length} here; narrow the query for others` : "";
    const lines = customers.map(
      ({ id, name, email, plan, since }) => `${id} ${name} <${email}>, ${plan} since ${since}`,
    );
    return [`${counted(total, "customer")}${rest}`, ...lines].join("\n");
  },
});
