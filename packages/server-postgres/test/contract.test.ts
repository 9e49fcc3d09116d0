import { serverContract } from "@org/server-kit/testing";
import { postgresServer } from "../src/server.ts";

const SQL =
  "SELECT c.country, count(*) FROM customers c JOIN orders o ON o.customer_id = c.id WHERE c.id < $1 GROUP BY 1";

// The demo's database, so that the calls succeed wherever the tests run.
serverContract(postgresServer, {
  args: ["--demo"],
  samples: [
    ["query", { sql: "SELECT * FROM events", max_rows: 1000 }],
    ["explain_query", { sql: SQL, params: [50], analyze: true }],
    ["list_tables", {}],
    ["describe_table", { table: "orders" }],
    ["search_schema", { query: "customer" }],
    ["draw_schema", {}],
    ["database_health", {}],
    ["top_queries", {}],
    ["suggest_indexes", { sql: SQL, params: [50] }],
  ],
});
