import path from "node:path";
import { describeServer, type Listing, readListing, type ServerDescription } from "@org/server-build/listing";
import { ROOT, readServers } from "./repository.ts";

/** A server of this repository, with everything that registries, images and hosts show of it. */
export interface Listed extends Listing {
  /** `packages/server-time` */
  readonly folder: string;
  /** `server-time`: its folder, its command, its image. */
  readonly command: string;
  /** `ghcr.io/acme/server-time` */
  readonly image: string;
  /** Debian packages whose programs it runs: `"server-build": { "listing": { "debian": ["git"] } }`. */
  readonly debian: readonly string[];
  /**
   * Its fixed port in deploy/compose.yaml, whatever servers are added: `"server-build": { "listing": { "port": 3001 }
   * }`.
   */
  readonly port: number;
  readonly described: ServerDescription;
}

/** Every server that has a listing, in the order of names. */
export async function readListed(root = ROOT): Promise<Listed[]> {
  const listed: Listed[] = [];
  for (const { folder, json } of await readServers(root)) {
    const source = path.join(root, folder);
    const described = await describeServer(source);
    const listing = await readListing(source, described);
    if (!listing) continue;
    const command = path.basename(folder);
    const image = `ghcr.io/${listing.repository.owner.toLowerCase()}/${command}`;
    const { debian = [], port } = json["server-build"]?.listing ?? {};
    const other = listed.find((server) => server.port === port);
    if (port === undefined || other) {
      const why = other ? `${port} is ${other.command}'s` : "there is none";
      throw new Error(`${folder}/package.json: listing of server-build needs a port of its own; ${why}.`);
    }
    listed.push({ ...listing, folder, command, image, debian, port, described });
  }
  return listed;
}

/** The option for the folder that a server works on, if it has one: a positional one. */
export function folderOption({ options }: Listed) {
  return options.find(({ positional, type }) => positional && type === "directory");
}

/** Variables that a server cannot work without, or that hold secrets. */
export function neededVariables({ options }: Listed) {
  return options.filter(({ required, secret, example, positional }) => !positional && (required || secret || example));
}
