import { runServer } from "@org/server-kit";
import { dataServer } from "./server.ts";

runServer(dataServer);
