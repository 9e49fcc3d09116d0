import { quote, ToolError } from "@org/server-kit";
import * as z from "zod";
import { type Database, rows } from "./database.ts";

export const PRIORITIES = ["low", "normal", "high", "urgent"] as const;
export const STATUSES = ["open", "resolved"] as const;

export const Ticket = z.object({
  id: z.string().describe("Such as T-12."),
  customer: z.string().describe("The customer's id."),
  subject: z.string(),
  description: z.string().describe("What the customer says."),
  priority: z.enum(PRIORITIES),
  status: z.enum(STATUSES),
  resolution: z.string().nullable().describe("How it was resolved; null while it is open."),
  created: z.string().describe("Time in UTC, ISO 8601."),
});
export type Ticket = z.output<typeof Ticket>;

const COLUMNS = "'T-' || id AS id, customer, subject, description, priority, status, resolution, created";

export interface NewTicket {
  readonly customer: string;
  readonly subject: string;
  readonly description: string;
  readonly priority: Ticket["priority"];
}

export interface TicketQuery {
  readonly customer: string | undefined;
  readonly status: Ticket["status"] | undefined;
  /** Only tickets with a lower number: where the previous page ended. */
  readonly below: number | undefined;
  readonly limit: number;
}

export type Tickets = ReturnType<typeof openTickets>;

/** Tickets of a database. */
export function openTickets(db: Database) {
  const select = (where: string, ...values: (string | number | null)[]) =>
    rows(db, Ticket, `SELECT ${COLUMNS} FROM tickets ${where}`, ...values);

  function get(given: string): Ticket {
    const number = numberOf(given);
    const [ticket] = select("WHERE id = ?", number);
    if (ticket) return ticket;
    throw new ToolError("not_found", `no ticket has the id ${quote(given)}. list_tickets shows the ids.`);
  }

  return {
    get,
    /** Latest first. */
    list({ customer, status, below, limit }: TicketQuery): Ticket[] {
      const given = [customer ?? null, status ?? null, below ?? null];
      const where =
        "WHERE customer = coalesce(?, customer) AND status = coalesce(?, status) AND id < coalesce(?, id + 1)";
      return select(`${where} ORDER BY tickets.id DESC LIMIT ?`, ...given, limit);
    },
    /** Opens a ticket, or returns the same one if it is already open. */
    create({ customer, subject, description, priority }: NewTicket): { ticket: Ticket; created: boolean } {
      const insert =
        "INSERT INTO tickets (customer, subject, description, priority) VALUES (?, ?, ?, ?) " +
        `ON CONFLICT (customer, subject, description) WHERE status = 'open' DO NOTHING RETURNING ${COLUMNS}`;
      const [made] = rows(db, Ticket, insert, customer, subject, description, priority);
      if (made) return { ticket: made, created: true };
      const same = "WHERE status = 'open' AND customer = ? AND subject = ? AND description = ?";
      const [ticket] = select(same, customer, subject, description);
      if (ticket) return { ticket, created: false };
      throw new ToolError("conflict", "the same ticket was resolved at this moment. Call again to open another.");
    },
    /**
     * Resolves a ticket; repeating it with the same words changes nothing. @throws ToolError `conflict` when it was
     * resolved differently
     */
    resolve(given: string, resolution: string): Ticket {
      const update = "UPDATE tickets SET status = 'resolved', resolution = ? WHERE id = ? AND status = 'open'";
      const [done] = rows(db, Ticket, `${update} RETURNING ${COLUMNS}`, resolution, numberOf(given));
      const ticket = done ?? get(given);
      if (ticket.resolution === resolution) return ticket;
      const how = quote(ticket.resolution ?? "", 200);
      throw new ToolError(
        "conflict",
        `${ticket.id} is already resolved (${how}). Open a new ticket for anything left to do.`,
      );
    },
  };
}

/** The number in "T-12" or "12"; anything else is refused, so that "T-1 or 1=1" is a clear error. */
function numberOf(ticket: string): number {
  const [, digits] = /^\s*(?:T-)?([0-9]{1,15})\s*$/i.exec(ticket) ?? [];
  if (digits !== undefined) return Number(digits);
  throw new ToolError("invalid_input", `${quote(ticket)} is not a ticket such as T-12.`);
}
