import path from "node:path";
import type { Desk } from "../context.ts";
import { openArticles } from "./articles.ts";
import { openCustomers } from "./customers.ts";
import { openDatabase } from "./database.ts";
import { openTickets } from "./tickets.ts";

/**
 * Opens the company's database.
 * @param dir where it is kept
 * @param data the data that comes with the package
 */
export function openDesk(dir: string, data: string): Desk {
  const db = openDatabase(dir, data);
  return {
    customers: openCustomers(db),
    articles: openArticles(db, path.join(data, "articles")),
    tickets: openTickets(db),
    close: () => db.close(),
  };
}
