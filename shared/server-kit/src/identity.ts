/** Who a server is. */
export interface Identity {
  /** The command's name: `server-notes`. */
  readonly name: string;
  readonly version: string;
  readonly title: string;
  /** What a model should know before its first call. */
  readonly instructions: string;
  /** Its package.json: the source of the other facts for hosts and the server card. */
  readonly package?: PackageFacts;
}

/** The facts in package.json that describe a server before it is started. */
export interface PackageFacts {
  /** Its name in the MCP Registry: `io.github.acme/server-notes`. */
  readonly mcpName?: string;
  readonly description?: string;
  /** The URL of its page. */
  readonly homepage?: string;
  readonly repository?: { readonly url: string; readonly directory?: string };
  /** Icons at https URLs. Put a PNG first: hosts get the first one, and every host can show a PNG. */
  readonly icons?: readonly { readonly src: string; readonly mimeType?: string; readonly sizes?: string[] }[];
}

/** What every client is told. It has one icon only, because a 2026 client gets all of this with every result. */
export function infoOf({ name, version, title, package: { homepage, icons = [] } = {} }: Identity) {
  const page = homepage === undefined ? {} : { websiteUrl: homepage };
  return { name, version, title, ...page, ...(icons[0] && { icons: [icons[0]] }) };
}
