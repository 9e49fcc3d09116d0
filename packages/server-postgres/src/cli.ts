import { runServer } from "@org/server-kit";
import { postgresServer } from "./server.ts";

runServer(postgresServer);
