import { defineTool, REPLACES } from "@org/server-kit";
import * as z from "zod";
import { Ticket } from "../company/tickets.ts";
import type { Company } from "../context.ts";
import { ticketInput } from "./fields.ts";

export const resolveTicket = defineTool({
  name: "resolve_ticket",
  title: "Resolve a ticket",
  description: "Closes a ticket with what solved it, and returns it. A resolved ticket cannot be opened again.",
  annotations: { ...REPLACES, idempotentHint: true },
  input: z.strictObject({
    ticket: ticketInput,
    resolution: z.string().trim().min(10).max(1000).describe("What solved it, 10 to 1000 characters."),
  }),
  output: Ticket,
  run: async ({ ticket, resolution }, { desk }: Company) => (await desk()).tickets.resolve(ticket, resolution),
  render: ({ id, subject, resolution }) => `Resolved ${id} (${subject}): ${resolution}`,
});
