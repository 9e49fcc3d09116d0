import { runServer } from "@org/server-kit";
import { postgresServer } from "./server.ts";

// In `while read`, what is on stdin is the script's: a check serves no host, and must not take it for one.
if (process.argv.some((flag) => /^--(check|print-role-sql)(=|$)/.test(flag))) process.stdin.destroy();

runServer(postgresServer);
