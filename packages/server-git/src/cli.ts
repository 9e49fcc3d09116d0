import { runServer } from "@org/server-kit";
import { gitServer } from "./server.ts";

runServer(gitServer);
