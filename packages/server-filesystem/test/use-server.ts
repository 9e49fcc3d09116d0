import { type UseServerOptions, useServer as use } from "@org/server-kit/testing";
import { filesystemServer } from "../src/server.ts";

/** What the tests of this server choose; `args` come after the folder. */
export type ServerOptions = Pick<UseServerOptions, "files" | "era"> & { readonly args?: readonly string[] };

/** The server on a folder of its own, and a client of it. */
export const useServer = ({ args = [], ...options }: ServerOptions = {}) =>
  use(filesystemServer, { ...options, args: (folder) => [folder.path, ...args] });
