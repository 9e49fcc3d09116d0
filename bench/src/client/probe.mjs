import { readFileSync } from "node:fs";

// Loaded into a measured server: tells over Node's own channel what the process has used until now. The
// server's code, streams and exit stay as they are.
process.on("message", () => {
  process.send({ cpu: process.cpuUsage(), rss: process.memoryUsage.rss(), peak: peak() });
});
process.channel.unref();

/** Bytes, the most there were. What the system counts for a process begins with that of the one that started it. */
function peak() {
  try {
    return Number(/^VmHWM:\s*(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8"))[1]) * 1024;
  } catch {
    return process.resourceUsage().maxRSS * 1024;
  }
}
