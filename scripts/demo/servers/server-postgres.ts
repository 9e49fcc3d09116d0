import type { Client } from "@modelcontextprotocol/client";
import { asking, type Demo, has } from "../play.ts";
import type { Answer } from "../report.ts";

/** A customer's orders: the shop's first planted flaw is that finding them reads all orders. */
const ORDERS = "SELECT id, status FROM orders WHERE customer_id = $1 ORDER BY placed_at DESC";
const REFUSED = "nothing was changed, and the refusal says which part is the reason";

export const demo: Demo = {
  // A shop of 2,000 customers in an embedded PostgreSQL; @org/postgres-demo says how its rows are made.
  prepare: async () => ({ args: ["--demo"], env: {}, remove: async () => undefined }),
  stdio: {
    "2026-07-28": [
      asking(
        "Where does the shop keep what customers ordered?",
        "search_schema",
        { query: "customer order" },
        "orders has a column that names the customer",
        ({ text }) => text.includes("public.orders.customer_id"),
      ),
      asking(
        "How many customers, orders and events are there?",
        "query",
        {
          sql: "SELECT (SELECT count(*) FROM customers), (SELECT count(*) FROM orders), (SELECT count(*) FROM events)",
        },
        "2,000 customers, 12,000 orders and 13,000 events were generated",
        ({ text, failed }) => !failed && /2000\D+12000\D+13000/.test(text),
      ),
      asking(
        "How does PostgreSQL find one customer's orders?",
        "explain_query",
        { sql: ORDERS },
        "it reads the whole table: no index begins with customer_id",
        ({ text }) => text.includes("Seq Scan on orders"),
      ),
      asking(
        "Which index would help?",
        "suggest_indexes",
        { sql: ORDERS, params: [42] },
        "one on customer_id",
        ({ value }) =>
          has(value, { suggestions: { 0: { table: "public.orders" } } }) && mentions(value, "(customer_id"),
      ),
      asking(
        "Is anything else wrong?",
        "database_health",
        {},
        "events has two indexes on the same column, and the foreign key of orders none",
        ({ text }) => text.includes("public.events_happened_at") && text.includes("orders_customer_id_fkey"),
      ),
      asking(
        "Then delete the old orders.",
        "query",
        { sql: "DELETE FROM orders WHERE placed_at < '2025-01-01'" },
        REFUSED,
        ({ text, failed }) => failed && text.includes("DELETE"),
      ),
      asking(
        "Hide it in a WITH.",
        "query",
        { sql: "WITH gone AS (DELETE FROM orders RETURNING id) SELECT count(*) FROM gone" },
        REFUSED,
        ({ text, failed }) => failed && text.includes("DELETE"),
      ),
      asking(
        "End the read-only transaction first.",
        "query",
        { sql: "COMMIT; DROP SCHEMA public CASCADE" },
        "two statements, and neither reads",
        ({ failed }) => failed,
      ),
      asking(
        "Are all orders still there?",
        "query",
        { sql: "SELECT count(*) FROM orders" },
        "all 12,000 are",
        ({ text }) => text.includes("12000"),
      ),
    ],
    "2025-11-25": [
      { asks: "The definition of order_items.", fact: "its key has two columns", ask: askResource },
      asking(
        "Draw how the tables belong together.",
        "draw_schema",
        {},
        "a customer has any number of orders, and an order exactly one customer",
        ({ text }) => text.includes('customers ||--o{ orders : "customer_id"'),
      ),
    ],
  },
  http: asking(
    "Which country do most customers live in?",
    "query",
    { sql: "SELECT country FROM customers GROUP BY 1 ORDER BY count(*) DESC LIMIT 1" },
    "three of ten names in the list that countries were drawn from are DE",
    ({ text }) => text.includes("DE"),
  ),
};

const mentions = (value: unknown, text: string): boolean => JSON.stringify(value).includes(text);

async function askResource(client: Client): Promise<Answer> {
  const [content] = (await client.readResource({ uri: "postgres://demo/public/order_items" })).contents;
  const says = content && "text" in content ? content.text : "no text";
  return { says: `${says.slice(0, 300)}…`, right: says.includes("PRIMARY KEY (order_id, product_id)") };
}
