import { runServer } from "@org/server-kit";
import { postgresServer } from "./server.ts";

// In a `while read` loop, stdin belongs to the script. A check serves no host, and must not consume it.
if (process.argv.some((flag) => /^--(check|print-role-sql)(=|$)/.test(flag))) process.stdin.destroy();

runServer(postgresServer);
