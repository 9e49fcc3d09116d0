import { runServer } from "@org/server-kit";
import { wordsServer } from "./server.ts";

runServer(wordsServer);
