import { runServer } from "@org/server-kit";
import { filesystemServer } from "./server.ts";

runServer(filesystemServer);
