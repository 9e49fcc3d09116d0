import { defineTool, READ_ONLY } from "@org/server-kit";
import * as z from "zod";

const GIB = 2 ** 30;

export const getSystemInfo = defineTool({
  name: "get_system_info",
  title: "Get system information",
  description:
    "Returns the operating system, processors, memory and load of the machine that this server runs on. It names no user, no " +
    "address and no environment variable.",
  annotations: { ...READ_ONLY, idempotentHint: false },
  input: z.strictObject({}),
  output: z.object({
    platform: z.string().describe("linux, darwin or win32."),
    release: z.string().describe("Version of the operating system's kernel."),
    architecture: z.string().describe("x64 or arm64, say."),
    processor: z.string(),
    processors: z.int().describe("Processors that this process may use."),
    load: z.number().nullable().describe("Processes that ran or waited, over the last minute; null on Windows."),
    memory_bytes: z.int(),
    free_memory_bytes: z.int(),
    uptime_seconds: z.int().describe("Since the machine started."),
    node: z.string().describe("Version of Node.js."),
    time: z.string().describe("The machine's clock in UTC, ISO 8601."),
  }),
  async run() {
    const os = await import("node:os");
    return {
      platform: os.platform(),
      release: os.release(),
      architecture: os.arch(),
      processor: os.cpus()[0]?.model.trim() ?? "unknown",
      processors: os.availableParallelism(),
      load: os.platform() === "win32" ? null : (os.loadavg()[0] ?? null),
      memory_bytes: os.totalmem(),
      free_memory_bytes: os.freemem(),
      uptime_seconds: Math.floor(os.uptime()),
      node: process.versions.node,
      time: new Date().toISOString(),
    };
  },
  render(info) {
    const memory = `${(info.free_memory_bytes / GIB).toFixed(1)} of ${(info.memory_bytes / GIB).toFixed(1)} GiB free`;
    return [
      `${info.platform} ${info.release} on ${info.architecture}, up for ${info.uptime_seconds} s, clock ${info.time}`,
      `${info.processors} processors (${info.processor}), load ${info.load ?? "not available"}`,
      `Memory: ${memory} (${info.free_memory_bytes} of ${info.memory_bytes} bytes)`,
      `Node.js ${info.node}`,
    ].join("\n");
  },
});
