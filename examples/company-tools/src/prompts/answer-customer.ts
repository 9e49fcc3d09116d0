import { counted, definePrompt } from "@org/server-kit";
import * as z from "zod";
import type { Company } from "../context.ts";

export const answerCustomer = definePrompt({
  name: "answer_customer",
  title: "Answer a customer",
  description: "Asks for an answer to a customer's question, based on the customer's tickets and the knowledge base.",
  args: z.strictObject({
    customer: z.string().describe("Id, email address or name."),
    question: z.string().describe("What the customer asks, in the customer's words."),
  }),
  complete: {
    async customer(typed, { desk }: Company) {
      const { customers } = await desk();
      return customers.search(typed, undefined).map(({ name }) => name);
    },
  },
  async run({ customer, question }, { desk }: Company) {
    const { customers, tickets, articles } = await desk();
    const { id, name, plan, since } = customers.get(customer);
    const open = tickets.list({ customer: id, status: "open", below: undefined, limit: 10 });
    const hits = /[\p{L}\p{N}]/u.test(question) ? articles.search(question, 3) : [];
    return [
      `Write an answer to ${name} (${id}, ${plan} plan, customer since ${since}), who asks:`,
      question,
      `${counted(open.length, "open ticket")}${open.map((ticket) => `\n- ${ticket.id}: ${ticket.subject}`).join("")}`,
      `Articles that may help: ${hits.map(({ article }) => article).join(", ") || "none found"}.`,
      "Read the articles with read_article, and policies://refunds before you promise anything. If nobody can solve it by " +
        "these, open a ticket with create_ticket, and tell the customer its number.",
    ].join("\n\n");
  },
});
