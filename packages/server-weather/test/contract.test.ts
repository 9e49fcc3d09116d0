import { serverContract } from "@org/server-kit/testing";
import { weatherServer } from "../src/server.ts";

serverContract(weatherServer, { samples: [["count_words", { text: "One, two." }]] });
