import { readFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { readListed } from "../lib/listed.ts";
import { ROOT } from "../lib/repository.ts";
import { releaseEntry, tagOf } from "../release/entry.ts";
import { notesOf } from "../release/notes.ts";

const [server] = await readListed();
if (!server) throw new Error("there is no listed server");

test("notes are the changelog's section on one version, and nothing of its neighbours", () => {
  const changelog = "# @acme/x\n\n## 1.10.0\n\n### Minor Changes\n\n- new\n\n## 1.1.0\n\n- old\n\n## 1.0.0\n";
  expect(notesOf(changelog, "1.10.0")).toBe("### Minor Changes\n\n- new");
  expect(notesOf(changelog, "1.1.0")).toBe("- old");
  expect([notesOf(changelog, "1.0.0"), notesOf(changelog, "1.1"), notesOf("", "1.0.0")]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

test("a tag needs no encoding in a URL", () => {
  expect(tagOf("@acme/thing", "1.2.3")).toBe("thing-v1.2.3");
});

describe("the registry's entry of a release", () => {
  test("names the bundle with its checksum and the image with its tag, and asks for the same options", () => {
    const { packages } = releaseEntry(server, { bundleSha256: "a".repeat(64), hasImage: true });
    const [stdio, , bundle, image] = packages;
    expect(packages.map(({ registryType }) => registryType)).toEqual(["npm", "npm", "mcpb", "oci"]);
    const file = `${server.command}-v${server.version}/${server.command}-${server.version}.mcpb`;
    expect(bundle?.identifier).toBe(`${server.repository.url}/releases/download/${file}`);
    expect(image?.identifier).toBe(`ghcr.io/${server.repository.owner}/${server.command}:${server.version}`);
    expect(image?.environmentVariables).toEqual(stdio?.environmentVariables);
  });

  test("names only what exists, and no bundle without a valid checksum", () => {
    expect(releaseEntry(server, {}).packages).toHaveLength(2);
    expect(() => releaseEntry(server, { bundleSha256: "abc" })).toThrow("fileSha256");
  });
});

describe(".github/workflows/release.yml", async () => {
  const { jobs, permissions } = parse(await readFile(path.join(ROOT, ".github/workflows/release.yml"), "utf8"));

  test("gives each job only the rights that it needs: none can both write to the repository and publish to npm", () => {
    expect(permissions).toEqual({});
    const rights = Object.entries<{ permissions: Record<string, string> }>(jobs).map(([name, job]) => [
      name,
      job.permissions,
    ]);
    expect(Object.fromEntries(rights)).toEqual({
      version: { contents: "write", "pull-requests": "write" },
      publish: { contents: "read", "id-token": "write" },
      releases: { contents: "write" },
      images: { contents: "read", packages: "write" },
      registry: { contents: "read", "id-token": "write" },
    });
    for (const { environment, permissions: given } of Object.values<Record<string, Record<string, string>>>(jobs)) {
      // Jobs that publish to npm or the registry wait for a person's approval.
      if (given?.["id-token"]) expect(environment).toBe("release");
    }
  });

  test("publishes to npm first, then makes the releases and images, and updates the registry last", () => {
    expect(jobs.publish.needs).toBe("version");
    expect([jobs.releases.needs, jobs.images.needs]).toEqual(["publish", "publish"]);
    expect(jobs.registry.needs).toEqual(["publish", "releases", "images"]);
  });

  test("contains no secret except the one that GitHub provides", () => {
    const secrets = JSON.stringify(jobs).match(/secrets\.\w+/g) ?? [];
    expect([...new Set(secrets)]).toEqual(["secrets.GITHUB_TOKEN"]);
  });
});
