import { runServer } from "@org/server-kit";
import { weatherServer } from "./server.ts";

runServer(weatherServer);
