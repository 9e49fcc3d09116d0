export { type Connection, type ConnectOptions, connect, ERAS, type Era, newClient } from "./connect.ts";
export { type ContractOptions, serverContract } from "./contract.ts";
export { type Files, type Folder, makeFolder, useCleanup, useFolder } from "./folder.ts";
export { ended, listening, type Spawned, type SpawnOptions, spawn, start } from "./spawn.ts";
export { type Answer, type Arguments, call, isHeavy, silent, type UseServerOptions, useServer } from "./use-server.ts";
