import type { Ticket } from "../company/tickets.ts";

/** A ticket as people read it. */
export function ticketText({ id, customer, subject, description, ...ticket }: Ticket): string {
  const { priority, status, created, resolution } = ticket;
  const head = `${id} ${status}, ${priority}, ${customer}, ${created}: ${subject}\n  ${description}`;
  return resolution === null ? head : `${head}\n  Resolved: ${resolution}`;
}
