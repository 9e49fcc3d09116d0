import { mkdirSync, renameSync } from "node:fs";
import { call, connect, useFolder } from "@org/server-kit/testing";
import { describe, expect, test } from "vitest";
import { gitServer } from "../../src/server.ts";
import { newRepository } from "../git.ts";

const folder = useFolder();

/** `café.txt` and `dér/in.txt` in Latin-1, as answers show them. */
const [FILE, INNER] = ['"caf\\351.txt"', '"d\\351r/in.txt"'];
const latin1 = (name: string) => Buffer.from(name, "latin1");

describe.runIf(process.platform === "linux")(
  "a name that is not UTF-8, in the form of an answer, is accepted by",
  () => {
    const begin = async (name: string) => {
      const git = newRepository(folder.at(name));
      git.write("plain.txt", "needle\n");
      git.write(latin1("café.txt"), "one needle\n");
      git.write("cafe.txt", "one needle\n");
      mkdirSync(Buffer.concat([Buffer.from(`${git.folder}/`), latin1("dér")]));
      git.write(latin1("dér/in.txt"), "in needle\n");
      git.run(["add", "--all"]);
      git.run(["commit", "--quiet", "-m", "First"]);
      git.write(latin1("café.txt"), "two needle\n");
      git.run(["commit", "--quiet", "-a", "-m", "Second"]);
      git.write(latin1("café.txt"), "three needle\n");
      return connect(gitServer, { args: [git.folder] });
    };

    test("log, with the commits of this name only", async () => {
      await using open = await begin("log");
      const subjects = async (paths: string[]) =>
        ((await call(open.client, "git_log", { paths })).value as { commits: { subject: string }[] }).commits.map(
          ({ subject }) => subject,
        );
      expect(await subjects([FILE])).toEqual(["Second", "First"]);
      expect(await subjects(["cafe.txt"])).toEqual(["First"]);
      expect(await subjects([INNER, "plain.txt"])).toEqual(["First"]);
      expect(await subjects(['"d\\351r"', FILE])).toEqual(["Second", "First"]);
    });

    test("log, which follows it through a rename, like a name with a line break", async () => {
      const git = newRepository(folder.at("renamed"));
      const lines = Array.from({ length: 20 }, (_, at) => `line ${at}\n`).join("");
      git.write(latin1("café.txt"), lines);
      git.write("two\nlines.txt", `${lines}other\n`);
      git.run(["add", "--all"]);
      git.run(["commit", "--quiet", "-m", "First"]);
      renameSync(Buffer.from(`${git.folder}/café.txt`, "latin1"), Buffer.from(`${git.folder}/thé.txt`, "latin1"));
      renameSync(`${git.folder}/two\nlines.txt`, `${git.folder}/three\nlines.txt`);
      git.run(["add", "--all"]);
      git.run(["commit", "--quiet", "-m", "Rename"]);
      await using open = await connect(gitServer, { args: [git.folder] });
      for (const name of ['"th\\351.txt"', '"three\\nlines.txt"']) {
        expect((await call(open.client, "git_log", { paths: [name] })).value).toMatchObject({
          commits: [{ subject: "Rename" }, { subject: "First" }],
        });
      }
    });

    test("diff, show, search, blame and read", async () => {
      await using open = await begin("others");
      const text = async (tool: string, args: object) => {
        const answer = await call(open.client, tool, { ...args });
        expect(answer).toMatchObject({ isError: false });
        return answer.text;
      };
      expect(await text("git_diff", { paths: [FILE] })).toMatch(
        /M "caf\\351\.txt" \+1 -1\n[\s\S]*-two needle\n\+three/,
      );
      expect(await text("git_diff", { paths: ["cafe.txt"] })).toContain("no differences");
      expect(await text("git_show", { revision: "HEAD~1", paths: [FILE] })).toMatch(/A "caf\\351\.txt" \+1 -0\n\n/);
      const found = await text("git_search", { query: "needle", paths: [FILE, INNER] });
      expect(found).toContain('"caf\\351.txt":1: two needle');
      expect(found).toContain('"d\\351r/in.txt":1: in needle');
      expect(found).not.toMatch(/cafe\.txt|plain\.txt/);
      expect(await text("git_search", { query: "one", mode: "history", paths: [FILE] })).toContain("2 commits");
      expect(await text("git_blame", { path: FILE })).toMatch(/1 [0-9a-f]{10} two needle/);
      expect(await text("git_read_file", { path: INNER })).toContain("in needle");
      expect(await text("git_read_file", { path: FILE, revision: ":0" })).toContain("two needle");
    });
  },
);
