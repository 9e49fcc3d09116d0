import { defineResource, lookEverySecond, type Release } from "@org/server-kit";
import type { Configs } from "../config/configs.ts";
import type { Data } from "../context.ts";

const PREFIX = "config://";

export const configResource = defineResource({
  name: "config",
  uri: "config://{name}",
  title: "Configuration",
  description: "A configuration file as JSON, with its secrets redacted. Hosts may subscribe to its changes.",
  mimeType: "application/json",
  complete: {
    name: async (typed, { configs }: Data) => (await configs.names()).filter((name) => name.startsWith(typed)),
  },
  async list(_, { configs }: Data) {
    return { items: (await configs.names()).map((name) => ({ uri: PREFIX + encodeURIComponent(name), name })) };
  },
  async read({ name }, { configs }: Data) {
    const text = await configs.read(name);
    return text === undefined ? undefined : { text };
  },
});

/** Calls `changed` within about a second after the file is changed, created or removed. */
export function watchConfig(uri: string, configs: Configs, changed: () => void): Release {
  const name = decodeURIComponent(uri.slice(PREFIX.length));
  // Read before the client learns that it is subscribed, so that no later change is missed.
  let known = configs.state(name);
  return lookEverySecond(() => {
    const state = configs.state(name);
    if (state !== known) changed();
    known = state;
  });
}
