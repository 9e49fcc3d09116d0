import { ERAS, useServer } from "@org/server-kit/testing";
import { beforeAll, describe, expect, test } from "vitest";
import { gitServer } from "../src/server.ts";
import { newRepository } from "./git.ts";

const TEMPLATE = "git://{repo}/{revision}/{+path}";

describe.each(ERAS)("in the %s era", (era) => {
  const { folder, client, ok, error } = useServer(gitServer, { era, args: ({ path }) => [path] });
  const read = async (uri: string) => (await client().readResource({ uri })).contents[0];
  const complete = async (name: string, value: string) =>
    (await client().complete({ ref: { type: "ref/resource", uri: TEMPLATE }, argument: { name, value } })).completion
      .values;
  beforeAll(() => {
    const git = newRepository(folder.at("code/site"));
    git.write("docs/a b.md", "first\n");
    git.write("docs/c.md", "c\n");
    git.write("pic.png", Buffer.from([0x89, 0x50, 0x4e, 0x47, 0]));
    git.write(Buffer.from("caf\xe9", "latin1"), "odd\n");
    git.commit("First");
    git("tag", "v1.0");
    git("checkout", "-q", "-b", "feature/x");
    git.write("docs/a b.md", "second\n");
    git.commit("Second");
    newRepository(folder.at("other/twin")).commit("One");
    newRepository(folder.at("third/twin")).commit("Two");
  });

  test("a file is read at any revision, from a repository by its name or path", async () => {
    expect(await read("git://site/v1.0/docs/a%20b.md")).toMatchObject({ text: "first\n", mimeType: "text/markdown" });
    expect(await read("git://site/feature%2Fx/docs/a%20b.md")).toMatchObject({ text: "second\n" });
    expect(await read("git://code%2Fsite/HEAD/docs/a%20b.md")).toMatchObject({ text: "second\n" });
    expect(await read(`git://${encodeURIComponent(folder.at("code/site"))}/HEAD/pic.png`)).toMatchObject({
      blob: Buffer.from([0x89, 0x50, 0x4e, 0x47, 0]).toString("base64"),
      mimeType: "image/png",
    });
    expect(await read("git://site/HEAD/%22caf%5C351%22")).toMatchObject({ text: "odd\n" });
  });

  test("the resource that git_read_file names for a binary file is there", async () => {
    const words = await error("git_read_file", {
      repo_path: folder.at("code/site"),
      path: "pic.png",
      revision: "v1.0",
    });
    const uri = /git:\/\/\S+/.exec(words)?.[0] ?? "";
    expect(await read(uri)).toMatchObject({ mimeType: "image/png" });
  });

  test.each([
    "git://site/v1.0/none.md",
    "git://site/v1.0/docs",
    "git://site/none/docs/c.md",
    "git://site/--output=x/docs/c.md",
    "git://site/HEAD/..%2F..%2Fother/x",
    "git://site/HEAD/.git/config",
    "git://twin/HEAD/x",
    "git://%2Fetc/HEAD/hostname",
  ])("%s is not there", async (uri) => {
    await expect(read(uri)).rejects.toMatchObject({
      code: expect.toSatisfy((code) => code === -32602 || code === -32002),
    });
  });

  test("names of repositories, revisions and paths are completed", async () => {
    expect(await complete("repo", "s")).toEqual(["site"]);
    expect(await complete("repo", folder.at("o"))).toEqual([folder.at("other/twin")]);
    expect(await complete("revision", "fea")).toEqual(["feature/x"]);
    expect(await complete("revision", "v")).toEqual(["v1.0"]);
    expect(await complete("path", "do")).toEqual(["docs/"]);
    expect(await complete("path", "docs/a")).toEqual(["docs/a b.md"]);
    expect(await complete("path", "../")).toEqual([]);
    expect(await complete("path", "--")).toEqual([]);
  });

  test("every completed branch and tag is accepted by the tools", async () => {
    for (const revision of await complete("revision", "")) {
      await ok("git_log", {
        repo_path: "code/site",
        ref: revision === "main" || revision === "HEAD" ? "HEAD" : revision,
      });
    }
  });
});
