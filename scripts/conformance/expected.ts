export type Revision = "2025-11-25" | "2026-07-28";

/** The suite's scenarios that need nothing but the protocol: every server passes them. */
export const GENERIC: Readonly<Record<Revision, readonly string[]>> = {
  "2025-11-25": [
    "dns-rebinding-protection",
    "ping",
    "prompts-list",
    "resources-list",
    "server-initialize",
    "tools-list",
  ],
  "2026-07-28": [
    "caching",
    "dns-rebinding-protection",
    "http-header-validation",
    "prompts-list",
    "resources-list",
    "sep-2164-resource-not-found",
    "server-sse-multiple-streams",
    "server-stateless",
    "tools-list",
  ],
};

/** `scenario:check` that fails on a correct server. If one passes, the test fails, so that it is removed here. */
const ALWAYS: Readonly<Record<Revision, readonly string[]>> = {
  "2025-11-25": [],
  "2026-07-28": [
    // Calls test_streaming_elicitation, a tool of the suite's own server, to check the stream of its answer.
    "server-stateless:sep-2575-http-server-no-independent-requests-on-stream",
    // Calls test_missing_capability, which needs a client that can sample; our tools need nothing from the client.
    "server-stateless:sep-2575-missing-capability-http-400",
    // Calls test_logging_tool, which logs to the client; our servers log only to stderr.
    "server-stateless:sep-2575-server-no-log-without-loglevel",
    // Also calls test_missing_capability.
    "server-stateless:sep-2575-server-rejects-undeclared-capability",
  ],
};

/** Checks that a server without the capability cannot pass, since it rightly refuses the method as unknown. */
const WITHOUT = {
  resources: {
    "2025-11-25": ["resources-list:resources-list"],
    "2026-07-28": [
      "caching:sep-2549-resources-list-caching-hints",
      "caching:sep-2549-resources-templates-list-caching-hints",
      "resources-list:resources-list",
      "sep-2164-resource-not-found:sep-2164-data-uri",
      "sep-2164-resource-not-found:sep-2164-error-code",
    ],
  },
  prompts: {
    "2025-11-25": ["prompts-list:prompts-list"],
    "2026-07-28": ["caching:sep-2549-prompts-list-caching-hints", "prompts-list:prompts-list"],
  },
} as const;

/** The checks that fail on a correct server with these capabilities. */
export function expectedFailures(revision: Revision, capabilities: { resources?: object; prompts?: object }): string[] {
  return [
    ...ALWAYS[revision],
    ...(capabilities.resources ? [] : WITHOUT.resources[revision]),
    ...(capabilities.prompts ? [] : WITHOUT.prompts[revision]),
  ].sort();
}
