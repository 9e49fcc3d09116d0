import { createTicket } from "./create-ticket.ts";
import { getCustomer } from "./get-customer.ts";
import { getTicket } from "./get-ticket.ts";
import { listTickets } from "./list-tickets.ts";
import { readArticle } from "./read-article.ts";
import { resolveTicket } from "./resolve-ticket.ts";
import { searchArticles } from "./search-articles.ts";
import { searchCustomers } from "./search-customers.ts";

/** In the order of the README. */
export const tools = [
  searchCustomers,
  getCustomer,
  searchArticles,
  readArticle,
  listTickets,
  getTicket,
  createTicket,
  resolveTicket,
];
