import { defineServer, defineTool, READ_ONLY, runServer } from "@org/server-kit";
import * as z from "zod";

const addNumbers = defineTool({
  name: "add_numbers",
  title: "Add two numbers",
  description: "Returns the sum of two whole numbers.",
  annotations: READ_ONLY,
  input: z.strictObject({ a: z.int().describe("The first."), b: z.int().default(1).describe("The second.") }),
  output: z.object({ sum: z.int() }),
  run: ({ a, b }) => ({ sum: a + b }),
});

const echoText = defineTool({
  name: "echo_text",
  title: "Echo a text",
  description: "Returns the text it was given.",
  annotations: READ_ONLY,
  input: z.strictObject({ text: z.string().describe("What to say.") }),
  run: ({ text }) => text,
});

/** The same server as `sdk.ts`, written with the kit. */
await runServer(
  defineServer({
    name: "bench-kit",
    version: "1.0.0",
    title: "Bench",
    instructions: "Adds and echoes.",
    options: {},
    open: () => undefined,
    tools: [addNumbers, echoText],
  }),
);
