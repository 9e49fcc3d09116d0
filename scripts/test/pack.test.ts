import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { askTools, npm, OPENING, pack, pipe } from "../lib/npm.ts";
import { ROOT, readServers } from "../lib/repository.ts";
import { sampleArguments } from "../lib/samples.ts";
import { temporaryFolder } from "./repository.ts";

const servers = await readServers();

describe.each(servers.map(({ folder, json }) => [json.name, folder, json] as const))("%s", (name, folder, json) => {
  test("is published with the bundle and its documents, and nothing else", async () => {
    const { files, executable } = await pack(path.join(ROOT, folder), await temporaryFolder());
    const unexpected = files.filter(
      (file) =>
        !/^(?:dist\/(?!.*\.map$).*|fonts\/[\w-]+\.(?:ttf|txt)|README\.md|icon\.(?:png|svg)|LICENSE|NOTICE(?:\.md)?|CHANGELOG\.md|package\.json)$/.test(
          file,
        ),
    );
    expect(unexpected).toEqual([]);
    expect(files).toEqual(
      expect.arrayContaining(["LICENSE", "README.md", "dist/cli.js", "dist/THIRD_PARTY_LICENSES.txt"]),
    );
    expect(executable).toEqual(process.platform === "win32" ? expect.anything() : ["dist/cli.js"]);
    const licences = await readFile(path.join(ROOT, folder, "dist/THIRD_PARTY_LICENSES.txt"), "utf8");
    expect(licences).toMatch(/^@modelcontextprotocol\/server \d\S* \(Apache-2\.0\)$/m);
    expect(licences).toMatch(/^zod \d\S* \(MIT\)$/m);
  });

  test("starts without zod's forty languages, which one careless use of z.core would load", async () => {
    const dist = path.join(ROOT, folder, "dist");
    const bundled = await Promise.all((await readdir(dist)).map((file) => readFile(path.join(dist, file), "utf8")));
    expect(bundled.join("")).toContain("Invalid input: expected");
    expect(bundled.join("")).not.toMatch(/Ung(?:ü|\\xFC)ltige Eingabe/);
  });

  test("runs with nothing but its tarball installed", async () => {
    const [folderOfOthers, tarballs] = [await temporaryFolder(), await temporaryFolder()];
    const { file } = await pack(path.join(ROOT, folder), tarballs);
    await writeFile(path.join(folderOfOthers, "package.json"), `{"private":true}`);
    // With an empty cache and no network, anything missing from the package is noticed.
    const alone = Object.keys(json.dependencies ?? {}).length === 0;
    const isolation = alone ? ["--offline", "--cache", path.join(tarballs, "cache")] : [];
    await npm(folderOfOthers, "install", file, ...isolation);

    const args = await sampleArguments(name, folderOfOthers);
    for (const [command = "", script] of Object.entries(json.bin ?? {})) {
      const { server, tools } = await askTools(folderOfOthers, command, args);
      expect(server).toMatchObject({ version: json.version });
      expect(tools).not.toEqual([]);

      const bin = path.join(folderOfOthers, "node_modules", name, script);
      const { code, replies } = await pipe(bin, args, OPENING);
      expect(replies).toMatchObject([
        { id: 1, result: { serverInfo: { version: json.version } } },
        { id: 2, result: { tools: tools.map((tool) => ({ name: tool })) } },
      ]);
      expect(code).toBe(0);
    }
  });
});
