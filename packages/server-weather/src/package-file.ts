import { fileURLToPath } from "node:url";

/** The path of a file that the package ships beside its code: `src/` and the bundle in `dist/` lie equally deep in it. */
export const packageFile = (name: string): string => fileURLToPath(new URL(`../${name}`, import.meta.url));
