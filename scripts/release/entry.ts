import { checked, type RegistryEntry, registryEntry } from "@org/server-build/listing";
import type { Listed } from "../lib/listed.ts";

/** What a release adds to a server's entry, since it does not exist before. */
export interface Released {
  /** The checksum of the bundle that was attached to the release. */
  readonly bundleSha256?: string | undefined;
  /** Whether the image was pushed. */
  readonly hasImage?: boolean;
}

/** The tag of a package's release: `server-time-v1.2.3`, without the scope, whose slash would need encoding in URLs. */
export const tagOf = (name: string, version: string) => `${name.replace(/^.*\//, "")}-v${version}`;
export const bundleName = ({ command, version }: Pick<Listed, "command" | "version">) => `${command}-${version}.mcpb`;

/**
 * The published entry: server.json, with the bundle and the image.
 * @throws when the registry would refuse it
 */
export function releaseEntry(server: Listed, { bundleSha256, hasImage }: Released): RegistryEntry {
  const entry = registryEntry(server);
  const { repository, image, version } = server;
  const tag = tagOf(server.package, version);
  const transport = { type: "stdio" };
  const bundle = bundleSha256 && {
    registryType: "mcpb",
    identifier: `${repository.url}/releases/download/${tag}/${bundleName(server)}`,
    fileSha256: bundleSha256,
    transport,
  };
  const container = hasImage && {
    registryType: "oci",
    identifier: `${image}:${version}`,
    runtimeHint: "docker",
    transport,
    ...(entry.packages[0]?.environmentVariables && { environmentVariables: entry.packages[0].environmentVariables }),
  };
  return checked({
    ...entry,
    packages: [...entry.packages, ...[bundle, container].filter((one) => typeof one === "object")],
  });
}
