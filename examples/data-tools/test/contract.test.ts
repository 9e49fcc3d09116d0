import { serverContract } from "@org/server-kit/testing";
import { dataServer } from "../src/server.ts";

serverContract(dataServer, {
  samples: [
    ["evaluate_expression", { expression: "2^0.5" }],
    ["get_system_info", {}],
  ],
});
