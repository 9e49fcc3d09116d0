import { entryOf, type Launch } from "./launch.ts";

/** A link that opens a host and offers to add the server. */
export interface InstallLink {
  readonly host: string;
  readonly url: string;
  /** The badge for such links, from the host's vendor or shields.io. */
  readonly badge: string;
}

/** The hosts that document such links. All of them are web addresses: GitHub and npm remove others from a README. */
export function installLinks(launch: Launch): InstallLink[] {
  const config = JSON.stringify(entryOf(launch));
  const name = encodeURIComponent(launch.key);
  const base64 = encodeURIComponent(Buffer.from(config).toString("base64"));
  const { env } = launch;
  return [
    {
      host: "VS Code",
      url: `https://insiders.vscode.dev/redirect/mcp/install?name=${name}&config=${encoded(config)}`,
      badge: "https://img.shields.io/badge/Install_in-VS_Code-0098ff?style=flat-square",
    },
    {
      host: "Cursor",
      url: `https://cursor.com/en/install-mcp?name=${name}&config=${base64}`,
      badge: "https://img.shields.io/badge/Install_in-Cursor-111111?style=flat-square",
    },
    {
      host: "LM Studio",
      url: `https://lmstudio.ai/install-mcp?name=${name}&config=${base64}`,
      badge: "https://img.shields.io/badge/Install_in-LM_Studio-6b4eff?style=flat-square",
    },
    {
      host: "Kiro",
      url: `https://kiro.dev/launch/mcp/add?name=${name}&config=${encoded(config)}`,
      badge: "https://img.shields.io/badge/Install_in-Kiro-9046ff?style=flat-square",
    },
    // Goose asks for the value of a variable, so its link cannot contain one.
    {
      host: "Goose",
      url: `https://goose-docs.ai/extension?${gooseQuery(launch, Object.keys(env))}`,
      badge: "https://img.shields.io/badge/Install_in-Goose-c4432b?style=flat-square",
    },
  ];
}

function gooseQuery({ key, title, description, command, args }: Launch, variables: readonly string[]): string {
  const pairs = [
    ["cmd", command],
    ...args.map((arg) => ["arg", arg]),
    ["id", key],
    ["name", title],
    ["description", description],
    ...variables.map((name) => ["env", `${name}=${name}`]),
  ];
  return pairs.map(([name = "", value = ""]) => `${name}=${encoded(value)}`).join("&");
}

/** Percent-encoded so that a link ends where it should in Markdown too. */
function encoded(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*~]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}
