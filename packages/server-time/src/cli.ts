import { runServer } from "@org/server-kit";
import { timeServer } from "./server.ts";

runServer(timeServer);
