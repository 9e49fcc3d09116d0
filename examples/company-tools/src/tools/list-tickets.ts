import { counted, defineTool, fromCursor, READ_ONLY, toCursor } from "@org/server-kit";
import * as z from "zod";
import { STATUSES, Ticket } from "../company/tickets.ts";
import type { Company } from "../context.ts";
import { customerInput } from "./fields.ts";
import { ticketText } from "./ticket-text.ts";

/** Descriptions are shortened to this length, which bounds the text of a page. */
const SHOWN = 300;

export const listTickets = defineTool({
  name: "list_tickets",
  title: "List tickets",
  description:
    "Returns tickets, the latest first, of one customer or of all. Long descriptions are shortened; get_ticket returns them in full.",
  annotations: READ_ONLY,
  input: z.strictObject({
    customer: customerInput.optional(),
    status: z
      .enum([...STATUSES, "all"])
      .default("open")
      .describe("Which tickets: open (default), resolved or all."),
    limit: z.int().min(1).max(50).default(20).describe("Tickets per page."),
    cursor: z.string().min(1).optional().describe("Cursor from the previous page."),
  }),
  output: z.object({ tickets: z.array(Ticket), next_cursor: z.string().optional() }),
  async run({ customer, status, limit, cursor }, { desk }: Company, { maxOutput }) {
    const { customers, tickets } = await desk();
    const question = JSON.stringify([customer, status]);
    const query = {
      customer: customer && customers.get(customer).id,
      status: status === "all" ? undefined : status,
      below: fromCursor(cursor, z.int().positive(), question),
    };
    // One more than requested shows whether there is a next page.
    const found = tickets.list({ ...query, limit: limit + 1 });
    const page: Ticket[] = [];
    let room = maxOutput - 500;
    for (const ticket of found.slice(0, limit).map(shorten)) {
      room -= JSON.stringify(ticket).length + 1;
      if (room < 0) break;
      page.push(ticket);
    }
    const last = page.at(-1);
    const isMore = page.length < found.length && last !== undefined;
    return { tickets: page, ...(isMore && { next_cursor: toCursor(Number(last.id.slice(2)), question) }) };
  },
  render({ tickets, next_cursor }) {
    const lines = tickets.map(ticketText);
    const more = next_cursor === undefined ? [] : [`There are more: pass cursor ${next_cursor}`];
    return [counted(tickets.length, "ticket"), ...lines, ...more].join("\n");
  },
});

function shorten(ticket: Ticket): Ticket {
  const cut = (text: string) => (text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text);
  return { ...ticket, description: cut(ticket.description), resolution: ticket.resolution && cut(ticket.resolution) };
}
