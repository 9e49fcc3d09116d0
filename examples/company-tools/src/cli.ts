import { runServer } from "@org/server-kit";
import { companyServer } from "./server.ts";

runServer(companyServer);
