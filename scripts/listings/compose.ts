import { stringify } from "yaml";
import { folderOption, type Listed, neededVariables } from "../lib/listed.ts";
import { DATA } from "./dockerfile.ts";

const HEAD = `# Written by \`pnpm run docs\`. Serves over HTTP to this machine, each server at a port of its own:
#   MCP_HTTP_TOKEN=a-long-random-text docker compose -f deploy/compose.yaml up --build server-time
# Folders are those that the variables name, or else below deploy/data.
`;

/** One service for each server. */
export function composeFile(servers: readonly Listed[]): string {
  const services = servers.map((server) => [server.command, service(server)]);
  return HEAD + stringify({ services: Object.fromEntries(services) }, { lineWidth: 0, aliasDuplicateObjects: false });
}

function service(server: Listed) {
  const folder = folderOption(server);
  const needed = neededVariables(server).map(({ env = "", required }) => {
    return [env, required ? `\${${env}:?}` : `\${${env}:-}`];
  });
  return {
    image: `${server.image}:${server.version}`,
    build: { context: "..", dockerfile: `${server.folder}/Dockerfile` },
    environment: {
      MCP_SERVER_HTTP: "0.0.0.0:3000",
      MCP_SERVER_ALLOWED_HOSTS: "localhost,127.0.0.1",
      // biome-ignore lint/suspicious/noTemplateCurlyInString: compose fills it in, or stops with the words.
      MCP_HTTP_TOKEN: "${MCP_HTTP_TOKEN:?set it to a long random text}",
      ...Object.fromEntries(needed),
    },
    ports: [`127.0.0.1:${server.port}:3000`],
    ...(folder && { volumes: [`\${${folder.env}:-./data/${server.key}}:${DATA}`] }),
    read_only: true,
    tmpfs: ["/tmp"],
    cap_drop: ["ALL"],
    security_opt: ["no-new-privileges:true"],
    restart: "unless-stopped",
  };
}
