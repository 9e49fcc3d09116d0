import { serverContract } from "@org/server-kit/testing";
import { wordsServer } from "../src/server.ts";

serverContract(wordsServer, { samples: [["count_words", { text: "One, two." }]] });
