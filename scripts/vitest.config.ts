import { defineConfig } from "vitest/config";

// These tests install packages and run builds. They run in sequence, since each one keeps a machine busy.
export default defineConfig({ test: { testTimeout: 900_000, hookTimeout: 900_000, fileParallelism: false } });
