import path from "node:path";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { describe, expect, test } from "vitest";
import { expectedFailures, GENERIC, type Revision } from "../conformance/expected.ts";
import { runConformance } from "../conformance/run.ts";
import { ROOT, readServers } from "../lib/repository.ts";
import { sampleArguments } from "../lib/samples.ts";
import { listen } from "./listen.ts";
import { temporaryFolder } from "./repository.ts";

const servers = await readServers();

describe.each(servers.map(({ folder, json }) => [json.name, folder, json.bin] as const))("%s", (name, folder, bin) => {
  test.each<Revision>(["2025-11-25", "2026-07-28"])("conforms to the protocol's revision %s", async (revision) => {
    const [script = ""] = Object.values(bin ?? {});
    const url = await listen(path.join(ROOT, folder, script), await sampleArguments(name, await temporaryFolder()));
    const checks = await runConformance(url, revision, GENERIC[revision], await temporaryFolder());

    const expected = expectedFailures(revision, await capabilitiesOf(url));
    // A warning is a violated SHOULD, for which our servers have no reason.
    const failed = checks.filter(({ status }) => status === "FAILURE" || status === "WARNING");
    expect(failed.filter((check) => !expected.includes(check.name))).toEqual([]);
    // Conversely, a check that now passes must be removed from the list.
    expect([...new Set(failed.map((check) => check.name))].sort()).toEqual(expected);
  });
});

async function capabilitiesOf(url: string) {
  const client = new Client({ name: "conformance-test", version: "1.0.0" });
  try {
    await client.connect(new StreamableHTTPClientTransport(new URL(url)));
    return client.getServerCapabilities() ?? {};
  } finally {
    await client.close();
  }
}
