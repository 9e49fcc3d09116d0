import { defineTool, READ_ONLY } from "@org/server-kit";
import * as z from "zod";
import { Ticket } from "../company/tickets.ts";
import type { Company } from "../context.ts";
import { ticketInput } from "./fields.ts";
import { ticketText } from "./ticket-text.ts";

export const getTicket = defineTool({
  name: "get_ticket",
  title: "Get a ticket",
  description: "Returns one ticket with its whole description. Use list_tickets to find it.",
  annotations: READ_ONLY,
  input: z.strictObject({ ticket: ticketInput }),
  output: Ticket,
  run: async ({ ticket }, { desk }: Company) => (await desk()).tickets.get(ticket),
  render: ticketText,
});
