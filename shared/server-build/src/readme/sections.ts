import type {
  OptionDescription,
  PromptDescription,
  ResourceDescription,
  ServerDescription,
  ToolDescription,
} from "../describe.ts";
import { Failure } from "../failure.ts";
import { installText } from "../listing/install.ts";
import type { Listing } from "../listing/listing.ts";
import { code, escapeText, table } from "./markdown.ts";
import { type Property, propertiesOf, typeText } from "./schema-text.ts";

/** What can stand between `<!-- generated: name -->` and `<!-- /generated: name -->`, as Markdown. */
export const SECTIONS: Readonly<Record<string, (server: ServerDescription, listing?: Listing) => string>> = {
  tools: ({ tools }) => tools.map(toolText).join("\n"),
  resources: ({ resources }) => resources.map(resourceText).join("\n"),
  prompts: ({ prompts }) => prompts.map(promptText).join("\n"),
  options: ({ options }) => optionsText(options),
  install: (_, listing) => {
    if (listing) return installText(listing);
    throw new Failure('README.md: install needs "server-build": { "listing": … } in package.json.');
  },
};

function toolText({ name, description, annotations, inputSchema, outputSchema }: ToolDescription): string {
  const { readOnlyHint, destructiveHint, idempotentHint, openWorldHint } = annotations;
  const marks = readOnlyHint
    ? ["read-only"]
    : [destructiveHint ? "destructive" : "writes", ...(idempotentHint ? ["idempotent"] : [])];
  if (openWorldHint) marks.push("open world");
  return [
    `- **${escapeText(name)}** — ${escapeText(description)} _(${marks.join(", ")})_`,
    ...propertiesOf(inputSchema).map((property) => `  - ${parameterText(property)}`),
    ...(outputSchema ? [`  - Returns: ${propertiesOf(outputSchema).map(fieldText).join(", ")}`] : []),
  ].join("\n");
}

function parameterText({ name, schema, required }: Property): string {
  const presence =
    "default" in schema ? `default ${code(JSON.stringify(schema.default))}` : required ? "required" : "optional";
  const about = typeof schema.description === "string" ? `: ${escapeText(schema.description)}` : "";
  return `${code(name)} (${escapeText(typeText(schema))}, ${presence})${about}`;
}

function fieldText({ name, schema, required }: Property): string {
  const inner = propertiesOf(schema).map((property) => code(property.name));
  const type = escapeText(typeText(schema));
  const facts = [type, ...(required ? [] : ["optional"])].join(", ");
  return `${code(name)} (${inner.length > 0 ? `${facts}: ${inner.join(", ")}` : facts})`;
}

function resourceText({ uri, title, description, mimeType }: ResourceDescription): string {
  return `- ${code(uri)} — ${aboutText(title, description)} (${code(mimeType)})`;
}

function promptText({ name, title, description, arguments: args }: PromptDescription): string {
  const lines = args.map(({ name: argument, description: about, required }) => {
    const head = `  - ${code(argument)} (${required ? "required" : "optional"})`;
    return about ? `${head}: ${escapeText(about)}` : head;
  });
  return [`- **${escapeText(name)}** — ${aboutText(title, description)}`, ...lines].join("\n");
}

function aboutText(title: string, description: string | undefined): string {
  return escapeText(description ? `${title}: ${description}` : title);
}

function optionsText(options: readonly OptionDescription[]): string {
  const own = options.filter(({ common }) => !common);
  const shared = options.filter(({ common }) => common);
  const cell = (text: string | undefined) => (text ? code(text).replaceAll("|", String.raw`\|`) : "");
  const rows = [...own, ...shared].map(({ flag, env, default: preset, description }) => [
    cell(flag),
    cell(env),
    cell(preset),
    escapeText(description),
  ]);
  return table(["Option", "Environment", "Default", "What it does"], rows);
}
