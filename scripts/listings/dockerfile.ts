import { folderOption, type Listed } from "../lib/listed.ts";

const NODE = "node:24-bookworm-slim";
const PNPM = "npx -y pnpm@10.34.9";
/** Asks the server whether it is up. Over stdio there is no address to ask, and a health check would add nothing. */
const HEALTH = [
  "const at = process.env.MCP_SERVER_HTTP ?? '';",
  "if (!at) process.exit(0);",
  "const url = 'http://' + (at.includes(':') ? at : '127.0.0.1:' + at) + '/healthz';",
  "fetch(url).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))",
].join(" ");

/** The folder that a server works on, inside its container. */
export const DATA = "/data";

/**
 * A server's image: built from the repository's root, run as an unprivileged user that can only write to /data and
 * /tmp.
 */
export function dockerfile(server: Listed): string {
  const { folder, image, debian } = server;
  const works = folderOption(server) !== undefined;
  const labels = {
    "io.modelcontextprotocol.server.name": server.registryName,
    "org.opencontainers.image.title": server.title,
    "org.opencontainers.image.description": server.description,
    "org.opencontainers.image.url": server.homepage,
    "org.opencontainers.image.source": server.repository.url,
    "org.opencontainers.image.version": server.version,
    "org.opencontainers.image.licenses": server.licence,
  };
  const label = Object.entries(labels).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  const install = `apt-get install -y --no-install-recommends ${debian.join(" ")}`;
  return `# Written by \`pnpm run docs\`. From the root of the repository:
#   docker build -f ${folder}/Dockerfile -t ${image} .
#   docker run -i --rm --read-only --tmpfs /tmp ${works ? `-v ~/Documents:${DATA} ` : ""}${image}
FROM ${NODE} AS build
WORKDIR /src
COPY . .
RUN ${PNPM} install --frozen-lockfile --ignore-scripts
RUN ${PNPM} exec turbo run build --filter=${server.package}
RUN ${PNPM} --filter=${server.package} deploy --prod --legacy /app

FROM ${NODE}
LABEL ${label.join(" \\\n      ")}
${debian.length > 0 ? `RUN apt-get update && ${install} && rm -rf /var/lib/apt/lists/*\n` : ""}COPY --from=build /app /app
# The file system may be read-only: compiled code is not kept, and what can be made anew goes to /tmp.
ENV NODE_ENV=production NODE_DISABLE_COMPILE_CACHE=1 XDG_CACHE_HOME=/tmp/cache
${works ? `RUN install -d -o node -g node ${DATA}\nVOLUME ${DATA}\n` : ""}USER node
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s CMD ${JSON.stringify(["node", "-e", HEALTH])}
ENTRYPOINT ["node", "/app/dist/cli.js"]
${works ? `CMD ["${DATA}"]\n` : ""}`;
}
