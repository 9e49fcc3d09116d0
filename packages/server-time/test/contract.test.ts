import { serverContract } from "@org/server-kit/testing";
import { timeServer } from "../src/server.ts";

serverContract(timeServer);
