import { counted, defineTool, READ_ONLY } from "@org/server-kit";
import * as z from "zod";
import { Customer } from "../company/customers.ts";
import type { Company } from "../context.ts";
import { customerInput } from "./fields.ts";

const SHOWN = 20;

export const getCustomer = defineTool({
  name: "get_customer",
  title: "Get a customer",
  description:
    "Returns one customer with the open tickets. Use search_customers when only a part of the name is known.",
  annotations: READ_ONLY,
  input: z.strictObject({ customer: customerInput }),
  output: Customer.extend({
    open_tickets: z
      .array(z.object({ id: z.string(), subject: z.string(), priority: z.string() }))
      .describe(`The latest ${SHOWN}.`),
  }),
  async run(input, { desk }: Company) {
    const { customers, tickets } = await desk();
    const customer = customers.get(input.customer);
    const open = tickets.list({ customer: customer.id, status: "open", below: undefined, limit: SHOWN });
    return { ...customer, open_tickets: open.map(({ id, subject, priority }) => ({ id, subject, priority })) };
  },
  render({ id, name, email, plan, since, open_tickets }) {
    const tickets = open_tickets.map((ticket) => `\n${ticket.id} (${ticket.priority}): ${ticket.subject}`);
    return `${id} ${name} <${email}>, ${plan} since ${since}, ${counted(tickets.length, "open ticket")}${tickets.join("")}`;
  },
});
