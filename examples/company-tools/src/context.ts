import type { Articles } from "./company/articles.ts";
import type { Customers } from "./company/customers.ts";
import type { Policies } from "./company/policies.ts";
import type { Tickets } from "./company/tickets.ts";

/** What handlers share. The database opens on first use, so the start does not wait for it. */
export interface Company {
  readonly desk: () => Promise<Desk>;
  readonly policies: Policies;
}

/** The company's database, by subject. */
export interface Desk {
  readonly customers: Customers;
  readonly articles: Articles;
  readonly tickets: Tickets;
  close(): void;
}
