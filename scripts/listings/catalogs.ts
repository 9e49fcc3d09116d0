import { askedOptions, formText } from "@org/server-build/listing";
import { stringify } from "yaml";
import { folderOption, type Listed, neededVariables } from "../lib/listed.ts";
import { DATA } from "./dockerfile.ts";

/** glama.json: who may claim the servers on glama.ai. */
export function glamaFile({ repository }: Listed): string {
  return `${JSON.stringify({ $schema: "https://glama.ai/mcp/schemas/server.json", maintainers: [repository.owner] }, null, 2)}\n`;
}

/** smithery.yaml: the form that Smithery shows, and the command that it builds from the answers. */
export function smitheryFile(server: Listed): string {
  const asked = askedOptions(server);
  const properties = asked.map((option) => {
    const { name, type, title, default: preset, choices } = option;
    const kind = type === "boolean" || type === "number" ? type : "string";
    const value = kind === "number" ? Number(preset) : preset;
    const facts = { ...(title && { title }), description: formText({ ...option, choices: undefined }) };
    return [
      name,
      { type: kind, ...facts, ...(choices && { enum: choices }), ...(preset !== undefined && { default: value }) },
    ];
  });
  const variables = Object.fromEntries(asked.map(({ name, env }) => [name, env]));
  const commandFunction = `(config) => ({
  command: "npx",
  args: ["-y", ${JSON.stringify(`${server.package}@${server.version}`)}],
  env: Object.fromEntries(
    Object.entries(${JSON.stringify(variables)})
      .filter(([name]) => config[name] !== undefined)
      .map(([name, variable]) => [variable, String(config[name])]),
  ),
})
`;
  const startCommand = {
    type: "stdio",
    configSchema: {
      type: "object",
      required: asked.filter(({ required }) => required).map(({ name }) => name),
      properties: Object.fromEntries(properties),
    },
    commandFunction,
    exampleConfig: Object.fromEntries(asked.flatMap(({ name, example }) => (example ? [[name, example]] : []))),
  };
  return `# Written by \`pnpm run docs\`.\n${stringify({ startCommand }, { lineWidth: 0, aliasDuplicateObjects: false })}`;
}

/**
 * An entry of Docker's catalog, which is servers/<name>/server.yaml in a pull request to docker/mcp-registry.
 * @param commit the released commit, all 40 digits, from which the catalog's machines build
 */
export function dockerCatalogEntry(server: Listed, commit: string): string {
  if (!/^[0-9a-f]{40}$/.test(commit)) throw new Error(`${commit} is not a commit's 40 digits.`);
  const { command, title, description, icons, repository, keywords } = server;
  const folder = folderOption(server);
  const needed = neededVariables(server);
  const secrets = needed.filter(({ secret }) => secret);
  const plain = needed.filter(({ secret }) => !secret);
  const parameters = [...(folder ? [folder] : []), ...plain];
  const variable = (name: string) => `{{${command}.${name}}}`;
  const entry = {
    name: server.command,
    image: `mcp/${server.command}`,
    type: "server",
    meta: { category: keywords[0], tags: keywords },
    about: { title: capital(title), description, icon: icons[0]?.src },
    source: { project: repository.url, commit, dockerfile: `${server.folder}/Dockerfile` },
    run: {
      ...(folder && { command: [DATA], volumes: [`${variable(folder.name)}:${DATA}`] }),
      ...(!server.network && { disableNetwork: true }),
    },
    config: {
      description,
      ...(secrets.length > 0 && {
        secrets: secrets.map(({ name, env, example }) => ({ name: `${command}.${name}`, env, example })),
      }),
      ...(plain.length > 0 && {
        env: plain.map(({ name, env, example }) => ({ name: env, example, value: variable(name) })),
      }),
      ...(parameters.length > 0 && {
        parameters: {
          type: "object",
          properties: Object.fromEntries(
            parameters.map((option) => [option.name, { type: "string", description: formText(option) }]),
          ),
          required: parameters.filter(({ required, positional }) => required || positional).map(({ name }) => name),
        },
      }),
    },
  };
  return stringify(entry, { lineWidth: 0, aliasDuplicateObjects: false });
}

/** The catalog wants each word capitalized. */
const capital = (text: string) => text.replace(/(?<=^|\s)\p{Ll}/gu, (letter) => letter.toUpperCase());
