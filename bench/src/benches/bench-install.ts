import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { plain } from "../report/figures.ts";
import { progress } from "../report/progress.ts";
import type { Figure, Section } from "../report/report.ts";
import { spreadOf } from "../report/stats.ts";
import { install, npm, timeNpx } from "../subjects/npm.ts";
import { OFFICIAL_NAME, OFFICIAL_VERSION, OURS_FOLDER } from "../subjects/subjects.ts";

interface Subject {
  readonly name: string;
  readonly spec: string;
  readonly command: string;
  readonly args: readonly string[];
}

const ROUNDS = 3;

/** How long a person waits when they run `npx` for the first time. */
export async function benchInstall(): Promise<Section> {
  const work = await mkdtemp(path.join(tmpdir(), "bench-"));
  try {
    const [packed]: { filename: string; size: number }[] = JSON.parse(
      await npm(OURS_FOLDER, "pack", "--json", "--ignore-scripts", "--pack-destination", work),
    );
    if (!packed) throw new Error("npm packed nothing");
    const tarball = path.join(work, packed.filename.replace("@", "").replace("/", "-"));
    const subjects: Subject[] = [{ name: "server-time", spec: tarball, command: "server-time", args: [] }];
    const online = await npm(work, "view", `${OFFICIAL_NAME}@${OFFICIAL_VERSION}`, "version", "--fetch-retries=0").then(
      () => true,
      () => false,
    );
    if (online) subjects.push({ ...OFFICIAL_SUBJECT, args: [work] });
    const figures = await measure(work, subjects);
    figures.push({ what: "server-time's tarball", measured: `${Math.round(packed.size / 1024)} KB` });
    if (!online) figures.push({ what: OFFICIAL_SUBJECT.name, measured: "skipped: the registry cannot be reached" });
    return {
      title: "Install",
      how: "From `npx` with an empty cache to the answer to initialize, and the disk space of an install. Ours is installed from a local tarball, the official one from the registry.",
      figures,
    };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

const OFFICIAL_SUBJECT = {
  name: "official file server",
  spec: `${OFFICIAL_NAME}@${OFFICIAL_VERSION}`,
  command: "mcp-server-filesystem",
};

async function measure(work: string, subjects: readonly Subject[]): Promise<Figure[]> {
  const runs = subjects.map((subject) => ({ ...subject, cold: [] as number[], warm: [] as number[] }));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const { spec, command, args, cold, warm } of runs) {
      const cache = path.join(work, `cache-${round}-${command}`);
      await mkdir(cache);
      progress(`npx ${command}, round ${round + 1} of ${ROUNDS}`);
      cold.push(await timeNpx(cache, spec, command, args));
      warm.push(await timeNpx(cache, spec, command, args));
    }
  }
  const figures: Figure[] = [];
  for (const { name, spec, command, cold, warm } of runs) {
    const { packages, bytes } = await install(path.join(work, `install-${command}`), spec);
    figures.push(
      plain(`${name}, empty cache`, spreadOf(cold.map((ms) => ms / 1000)), "s", 2),
      plain(`${name}, the second time`, spreadOf(warm.map((ms) => ms / 1000)), "s", 2),
      {
        what: `${name}, installed`,
        measured: `${(bytes / 2 ** 20).toFixed(1)} MB in ${packages} ${packages === 1 ? "package" : "packages"}`,
      },
    );
  }
  return figures;
}
