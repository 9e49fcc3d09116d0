import { serverContract } from "@org/server-kit/testing";
import { postgresServer } from "../src/server.ts";

serverContract(postgresServer, { samples: [["count_words", { text: "One, two." }]] });
