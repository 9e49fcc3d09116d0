/** For scripts of a repository with several servers: a server's facts for registries, images and hosts. */
export { describeServer, type OptionDescription, type ServerDescription } from "../describe.ts";
export { HOSTS, type Host } from "./hosts.ts";
export { type Launch, launchOf, type Remote, remoteOf } from "./launch.ts";
export { askedOptions, exampleOf, formText, type Listing, readListing } from "./listing.ts";
export { mcpbManifest } from "./mcpb-manifest.ts";
export { checked, registryEntry } from "./registry.ts";
export type { RegistryEntry } from "./registry-entry.ts";
