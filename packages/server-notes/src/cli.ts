import { runServer } from "@org/server-kit";
import { notesServer } from "./server.ts";

runServer(notesServer);
