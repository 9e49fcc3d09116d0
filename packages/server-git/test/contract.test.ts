import { serverContract } from "@org/server-kit/testing";
import { gitServer } from "../src/server.ts";

serverContract(gitServer, { samples: [["count_words", { text: "One, two." }]] });
