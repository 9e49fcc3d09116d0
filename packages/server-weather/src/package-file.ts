import { fileURLToPath } from "node:url";

/**
 * The path of a file in the package. It works from `src/` and from the bundle in `dist/`, which are at the same depth.
 */
export const packageFile = (name: string): string => fileURLToPath(new URL(`../${name}`, import.meta.url));
