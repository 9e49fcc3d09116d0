import { defineConfig } from "vitest/config";

// Tests start compilers and processes, several at once on small machines.
export default defineConfig({ test: { testTimeout: 60_000 } });
