// Loaded into a measured server: tells over Node's own channel what the process has used until now. The
// server's code, streams and exit stay as they are.
process.on("message", () => {
  process.send({
    cpu: process.cpuUsage(),
    rss: process.memoryUsage.rss(),
    peak: process.resourceUsage().maxRSS * 1024,
  });
});
process.channel.unref();
