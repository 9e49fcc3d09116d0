import { makeFolder, serverContract } from "@org/server-kit/testing";
import { afterAll } from "vitest";
import { companyServer } from "../src/server.ts";

const folder = makeFolder();
afterAll(folder.remove);

const ticket = { customer: "C-1001", subject: "Lamp offline", description: "It has been dark since this morning." };

serverContract(companyServer, {
  args: [folder.path],
  samples: [
    ["search_customers", {}],
    ["get_customer", { customer: "C-1001" }],
    ["search_articles", { query: "lamp" }],
    ["read_article", { article: "lamp-offline" }],
    ["create_ticket", { ...ticket, description: "A long story. ".repeat(140) }],
    ["create_ticket", ticket],
    ["list_tickets", { limit: 50 }],
    ["get_ticket", { ticket: "T-1" }],
    ["resolve_ticket", { ticket: "T-1", resolution: "Somebody had pulled the plug." }],
  ],
});
