import { once as event } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { expect, onTestFinished, test, vi } from "vitest";
import { once, startWorker } from "../src/lazy.ts";

test("a value is made when first asked for, and once", () => {
  const make = vi.fn(() => undefined);
  const get = once(make);
  expect(make).not.toHaveBeenCalled();
  get();
  get();
  expect(make).toHaveBeenCalledTimes(1);
});

test("callers share a promise that is under way; one that failed is made again", async () => {
  const make = vi.fn(async () => "made").mockRejectedValueOnce(new Error("busy"));
  const get = once(make);
  const [first, second] = await Promise.allSettled([get(), get()]);
  expect([first.status, second.status]).toEqual(["rejected", "rejected"]);
  expect(await Promise.all([get(), get()])).toEqual(["made", "made"]);
  expect(make).toHaveBeenCalledTimes(2);
});

test("what throws is not kept either", () => {
  const make = vi
    .fn(() => 7)
    .mockImplementationOnce(() => {
      throw new Error("not yet");
    });
  const get = once(make);
  expect(get).toThrow("not yet");
  expect(get()).toBe(7);
});

const answer = "node:worker_threads";

test.each([
  [
    "a bundle",
    "it.worker.js",
    `import { parentPort, workerData } from "${answer}"; parentPort.postMessage(workerData);`,
  ],
  [
    "sources in TypeScript",
    "it.worker.ts",
    `import { parentPort, workerData } from "${answer}"; const given: unknown = workerData; parentPort?.postMessage(given);`,
  ],
])("a thread starts from %s", async (_where, file, text) => {
  // Inside of the package, where tsx is found.
  const folder = mkdtempSync(path.join(import.meta.dirname, "worker-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(path.join(folder, "package.json"), '{"type":"module"}');
  writeFileSync(path.join(folder, file), text);
  const url = new URL("it.worker.js", `${pathToFileURL(folder)}/`);
  const worker = startWorker(url, { workerData: "hello" });
  worker.ref();
  expect(await event(worker, "message")).toEqual(["hello"]);
  await worker.terminate();
});

test("a thread whose file is missing says so", async () => {
  const worker = startWorker(new URL("missing.worker.js", `${pathToFileURL(tmpdir())}/`));
  worker.ref();
  const [error] = await event(worker, "error").catch((failure: unknown) => [failure]);
  expect(String(error)).toMatch(/missing\.worker\.js/);
});
