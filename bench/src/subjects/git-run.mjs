// One git command, as a person would type it.
import { spawn } from "node:child_process";

export function run(args, cwd) {
  return new Promise((resolve, reject) => {
    const git = spawn("git", args, { cwd, stdio: ["ignore", "pipe", "inherit"] });
    const pieces = [];
    git.stdout.on("data", (piece) => pieces.push(piece));
    git.on("error", reject);
    git.on("close", (code) => {
      // Without output there is nothing to compare.
      if (code === 0 && pieces.length > 0) resolve(Buffer.concat(pieces).toString());
      else reject(new Error(`git ${args.join(" ")} ended with ${code}`));
    });
  });
}
