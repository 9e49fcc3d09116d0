import { defineTool, ToolError, WRITES } from "@org/server-kit";
import * as z from "zod";
import { PRIORITIES, Ticket } from "../company/tickets.ts";
import type { Company } from "../context.ts";
import { customerInput } from "./fields.ts";

export const createTicket = defineTool({
  name: "create_ticket",
  title: "Create a ticket",
  description:
    "Opens a support ticket and returns it. The same call again returns the same open ticket. Try search_articles first.",
  // Idempotent: a host may repeat it when the answer was lost.
  annotations: { ...WRITES, idempotentHint: true },
  input: z.strictObject({
    customer: customerInput,
    subject: z.string().trim().min(3).max(120).describe("One line: what does not work, 3 to 120 characters."),
    description: z
      .string()
      .trim()
      .min(10)
      .max(2000)
      .describe("What the customer says, in the customer's words, and what was tried. 10 to 2000 characters."),
    priority: z.enum(PRIORITIES).default("normal").describe("Default normal; urgent is for the enterprise plan."),
  }),
  output: z.object({ created: z.boolean().describe("False when it was open already."), ticket: Ticket }),
  async run({ priority, ...input }, { desk }: Company) {
    const { customers, tickets } = await desk();
    const { id, name, plan } = customers.get(input.customer);
    if (priority === "urgent" && plan !== "enterprise") {
      throw new ToolError(
        "access_denied",
        `priority urgent is for the enterprise plan, and ${name} has ${plan}. Use high; policies://support-hours has the rule.`,
      );
    }
    return tickets.create({ ...input, customer: id, priority });
  },
  render: ({ created, ticket: { id, priority, customer, subject } }) =>
    `${created ? "Opened" : "Open already:"} ${id} (${priority}) for ${customer}: ${subject}`,
});
