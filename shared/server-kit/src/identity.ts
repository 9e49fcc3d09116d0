/** Who a server is. */
export interface Identity {
  /** The command's name: `server-notes`. */
  readonly name: string;
  readonly version: string;
  readonly title: string;
  /** What a model should know before its first call. */
  readonly instructions: string;
  /** Its package.json, where hosts and the server card get the rest from. */
  readonly package?: PackageFacts;
}

/** What a package.json says of a server to those who have not started it yet. */
export interface PackageFacts {
  /** Its name in the MCP Registry: `io.github.acme/server-notes`. */
  readonly mcpName?: string;
  readonly description?: string;
  /** The page about it. */
  readonly homepage?: string;
  readonly repository?: { readonly url: string; readonly directory?: string };
  /** Pictures at https addresses, the one for hosts first: a PNG, which every host can show. */
  readonly icons?: readonly { readonly src: string; readonly mimeType?: string; readonly sizes?: string[] }[];
}

/** What every client is told. One picture only: a 2026 client gets all of it again with every result. */
export function infoOf({ name, version, title, package: { homepage, icons = [] } = {} }: Identity) {
  const page = homepage === undefined ? {} : { websiteUrl: homepage };
  return { name, version, title, ...page, ...(icons[0] && { icons: [icons[0]] }) };
}
