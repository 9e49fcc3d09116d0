import { stringify } from "yaml";
import { folderOption, type Listed, neededVariables } from "../lib/listed.ts";
import { DATA } from "./dockerfile.ts";

/**
 * Two processes behind a service: a server keeps nothing between requests, so either can answer any request. Only one if
 * it writes to a folder, since locking between processes only works within one machine.
 */
export function kubernetesManifest(server: Listed): string {
  const { command } = server;
  const labels = { "app.kubernetes.io/name": command };
  const metadata = { name: command, labels };
  const spec = {
    replicas: writesFiles(server) ? 1 : 2,
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: podSpec(server) },
  };
  const ports = [{ name: "http", port: 80, targetPort: "http" }];
  const parts = [
    { apiVersion: "apps/v1", kind: "Deployment", metadata, spec },
    { apiVersion: "v1", kind: "Service", metadata, spec: { selector: labels, ports } },
  ];
  return (
    head(server) + parts.map((part) => stringify(part, { lineWidth: 0, aliasDuplicateObjects: false })).join("---\n")
  );
}

function head(server: Listed): string {
  const secrets = ["token", ...neededVariables(server).map(({ env = "" }) => keyOf(env))];
  const literals = secrets.map((key) => ` \\\n#     --from-literal=${key}=…`).join("");
  const alone = "# One process: several on different machines would not take turns in writing to one folder.\n";
  const shared = "# With MCP_SERVER_READ_ONLY=1, any number can share a claim that is ReadWriteMany or ReadOnlyMany.\n";
  const claim = folderOption(server) ? `# The claim ${server.command} holds its folder.\n` : "";
  return `# Written by \`pnpm run docs\`. It needs the secret:
#   kubectl create secret generic ${server.command}${literals}
${claim}${writesFiles(server) ? alone + shared : ""}# It speaks plain HTTP within the cluster: an ingress in front does TLS, and --public-url then publishes a server card.
`;
}

const writesFiles = (server: Listed) =>
  folderOption(server) !== undefined && server.described.tools.some(({ annotations }) => !annotations.readOnlyHint);

const keyOf = (env: string) => env.toLowerCase().replaceAll("_", "-");

function podSpec(server: Listed) {
  const { command, image, version } = server;
  const works = folderOption(server) !== undefined;
  const fromSecret = (name: string, key: string) => ({
    name,
    valueFrom: { secretKeyRef: { name: command, key } },
  });
  // A probe uses the pod's address, which is not an allowed host name, so it sends the address that the server listens on.
  const httpGet = { path: "/healthz", port: "http", httpHeaders: [{ name: "Host", value: "0.0.0.0" }] };
  return {
    automountServiceAccountToken: false,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 1000,
      fsGroup: 1000,
      seccompProfile: { type: "RuntimeDefault" },
    },
    containers: [
      {
        name: command,
        image: `${image}:${version}`,
        env: [
          { name: "MCP_SERVER_HTTP", value: "0.0.0.0:3000" },
          { name: "MCP_SERVER_ALLOWED_HOSTS", value: command },
          { name: "MCP_SERVER_LOG_FORMAT", value: "json" },
          fromSecret("MCP_HTTP_TOKEN", "token"),
          ...neededVariables(server).map(({ env = "" }) => fromSecret(env, keyOf(env))),
        ],
        ports: [{ name: "http", containerPort: 3000 }],
        readinessProbe: { httpGet, periodSeconds: 5 },
        livenessProbe: { httpGet, periodSeconds: 30 },
        resources: { requests: { cpu: "50m", memory: "96Mi" }, limits: { memory: "512Mi" } },
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"] },
        },
        volumeMounts: [{ name: "tmp", mountPath: "/tmp" }, ...(works ? [{ name: "data", mountPath: DATA }] : [])],
      },
    ],
    volumes: [
      { name: "tmp", emptyDir: {} },
      ...(works ? [{ name: "data", persistentVolumeClaim: { claimName: command } }] : []),
    ],
  };
}
