export type Revision = "2025-11-25" | "2026-07-28";

/** The suite's scenarios that ask nothing of a server but the protocol: every server passes them. */
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

/** `scenario:check` that fails on a sound server. One that passes after all fails the test, to be taken out here. */
const ALWAYS: Readonly<Record<Revision, readonly string[]>> = {
  "2025-11-25": [],
  "2026-07-28": [
    // Calls test_streaming_elicitation, a tool of the suite's own server, to look at the stream that it answers with.
    "server-stateless:sep-2575-http-server-no-independent-requests-on-stream",
    // Calls test_missing_capability, which needs a client that can sample; ours need nothing of the client.
    "server-stateless:sep-2575-missing-capability-http-400",
    // Calls test_logging_tool, which logs to the client; ours log to stderr alone.
    "server-stateless:sep-2575-server-no-log-without-loglevel",
    // Calls test_missing_capability as well.
    "server-stateless:sep-2575-server-rejects-undeclared-capability",
  ],
};

/** What a server cannot answer that does not declare the capability, and rightly refuses as an unknown method. */
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

/** The checks that fail on a sound server with these capabilities. */
export function expectedFailures(revision: Revision, capabilities: { resources?: object; prompts?: object }): string[] {
  return [
    ...ALWAYS[revision],
    ...(capabilities.resources ? [] : WITHOUT.resources[revision]),
    ...(capabilities.prompts ? [] : WITHOUT.prompts[revision]),
  ].sort();
}
