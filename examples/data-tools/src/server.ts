import { fileURLToPath } from "node:url";
import { defineServer } from "@org/server-kit";
import pkg from "../package.json" with { type: "json" };
import { openConfigs } from "./config/configs.ts";
import type { Data } from "./context.ts";
import { configResource, watchConfig } from "./resources/config.ts";
import { tools } from "./tools/index.ts";

/** The examples that come with the package. */
const EXAMPLES = fileURLToPath(new URL("../config/", import.meta.url));

export const dataServer = defineServer({
  name: "server-data",
  version: pkg.version,
  title: "Data tools",
  instructions:
    "Computes in decimal, describes the machine that it runs on, and shows configuration files as resources. Use " +
    "evaluate_expression instead of computing in your head.",
  options: {
    config: {
      type: "directory",
      positional: true,
      description: "Folder of configuration files (*.json). Without it, two examples are shown.",
    },
  },
  open: ({ config }): Data => ({ configs: openConfigs(config ?? EXAMPLES) }),
  tools,
  resources: [configResource],
  watch: (uri, { configs }, changed) => watchConfig(uri, configs, changed),
});
