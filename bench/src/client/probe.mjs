import { readFileSync } from "node:fs";

// Loaded into a measured server: reports the process's resource usage over Node's IPC channel. The
// server's code, streams and exit are not affected.
process.on("message", () => {
  process.send({ cpu: process.cpuUsage(), rss: process.memoryUsage.rss(), peak: peak() });
});
process.channel.unref();

/** Peak memory in bytes. The system's own figure for a process starts with that of its parent. */
function peak() {
  try {
    return Number(/^VmHWM:\s*(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8"))[1]) * 1024;
  } catch {
    return process.resourceUsage().maxRSS * 1024;
  }
}
