import { readFile } from "node:fs/promises";
import path from "node:path";
import process from "node:process";
import type { Listed } from "../lib/listed.ts";
import { run } from "../lib/run.ts";
import { sampleArguments } from "../lib/samples.ts";
import { serverProblems } from "./runtimes.ts";

/**
 * Does what the first stage of a Dockerfile does, in a clone, and starts the image's server. Without an engine that
 * builds images, this is as close as it gets: only the second stage, which copies files and sets metadata, is not
 * tested.
 */
export async function imageProblems(server: Listed, clone: string, app: string): Promise<string[]> {
  const text = await readFile(path.join(clone, server.folder, "Dockerfile"), "utf8");
  const [stage = ""] = text.split(/^FROM .*(?<! AS build)$/m);
  const commands = stage.split("\n").flatMap((line) => /^RUN (.*)$/.exec(line)?.[1] ?? []);
  if (commands.length === 0) return ["its Dockerfile builds nothing"];
  for (const command of commands) {
    const line = command.replaceAll(/(?<=\s)\/app(?=\s|$)/g, app);
    const { code, output } = await run("sh", ["-c", line], { cwd: clone, env: process.env, timeout: 600_000 });
    if (code !== 0) return [`${line}\n${output.trim().slice(-2000)}`];
  }
  const args = await sampleArguments(server.package, app);
  return serverProblems(process.execPath, path.join(app, "dist/cli.js"), args, server.version);
}
