export { type Connection, type ConnectOptions, connect, ERAS, type Era, newClient } from "./connect.ts";
export { type ContractOptions, serverContract } from "./contract.ts";
export { ended, listening, type Spawned, type SpawnOptions, spawn, start } from "./spawn.ts";
