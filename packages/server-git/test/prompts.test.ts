import { useServer } from "@org/server-kit/testing";
import { beforeAll, expect, test } from "vitest";
import { gitServer } from "../src/server.ts";
import { type Git, newRepository } from "./git.ts";

const { folder, client } = useServer(gitServer, { args: ({ path }) => [path] });
const prompt = async (name: string, args: Record<string, string> = {}) => {
  const { messages } = await client().getPrompt({ name, arguments: args });
  const [message] = messages;
  return message?.content.type === "text" ? message.content.text : "";
};
let git: Git;

beforeAll(() => {
  git = newRepository(folder.at("site"));
  git.write("a.txt", "a\n");
  git.commit("Add a");
  git("tag", "v1.0");
  git("checkout", "-q", "-b", "feature");
  git.write("b.txt", "b\n");
  git.commit("Add b\n\nCo-authored-by: Grace <grace@example.com>");
});

test("write_commit_message has the staged changes and the style of the latest subjects", async () => {
  await expect(prompt("write_commit_message")).rejects.toThrow(/nothing is staged\. Stage the changes with git_add/);
  git.write("a.txt", "staged\n");
  git("add", "a.txt");
  git.write("b.txt", "unstaged\n");
  const text = await prompt("write_commit_message");
  expect(text).toMatch(/staged in work tree .*site, branch feature: 1 file, \+1 -1\./);
  expect(text).toMatch(
    /<from-repository-\w+>\nM a\.txt \+1 -1\n\n--- a\/a\.txt[\s\S]*-a\n\+staged\n<\/from-repository/,
  );
  expect(text).toMatch(/latest subjects:\n\n<from-repository-\w+>\nAdd b\nAdd a\n/);
  expect(text).not.toContain("unstaged");
});

test("review_changes has the uncommitted changes, or what a branch adds to another", async () => {
  expect(await prompt("review_changes")).toMatch(
    /staged and unstaged changes, 2 files[\s\S]*\+staged[\s\S]*\+unstaged/,
  );
  const text = await prompt("review_changes", { from: "main" });
  expect(text).toMatch(/from merge base \w{12} to \w{12}, 1 file, \+1 -0\.[\s\S]*\+\+\+ b\/b\.txt/);
  await expect(prompt("review_changes", { from: "feature" })).rejects.toThrow(
    /no differences\. Pass from, such as main/,
  );
  await expect(prompt("review_changes", { from: "--output=x" })).rejects.toMatchObject({ code: -32602 });
});

test("write_release_notes has the commits and their co-authors", async () => {
  const text = await prompt("write_release_notes", { from: "v1.0", to: "feature" });
  expect(text).toMatch(
    /from v1\.0 to feature, in work tree .*1 commit, newest first\.[\s\S]*Add b[\s\S]*Co-authored-by: Grace/,
  );
  expect(text).not.toContain("Add a");
  await expect(prompt("write_release_notes", { from: "feature", to: "v1.0" })).rejects.toThrow(/the other way round/);
});

test("revisions are completed", async () => {
  const ref = { type: "ref/prompt", name: "write_release_notes" } as const;
  expect((await client().complete({ ref, argument: { name: "from", value: "v" } })).completion.values).toEqual([
    "v1.0",
  ]);
});
