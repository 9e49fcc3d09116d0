import { defineResource } from "@org/server-kit";
import type { Company } from "../context.ts";

export const policyResource = defineResource({
  name: "policy",
  uri: "policies://{policy}",
  title: "Company policy",
  description: "A policy of the company, as Markdown: what may be promised, and by whom.",
  mimeType: "text/markdown",
  complete: {
    policy: async (typed, { policies }: Company) => (await policies.names()).filter((name) => name.startsWith(typed)),
  },
  async list(_, { policies }: Company) {
    return { items: (await policies.names()).map((name) => ({ uri: `policies://${name}`, name })) };
  },
  async read({ policy }, { policies }: Company) {
    const text = await policies.read(policy);
    return text === undefined ? undefined : { text };
  },
});
