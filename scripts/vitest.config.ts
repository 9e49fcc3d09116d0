import { defineConfig } from "vitest/config";

// These tests install packages and run builds, in sequence: each keeps a machine busy by itself.
export default defineConfig({ test: { testTimeout: 900_000, hookTimeout: 900_000, fileParallelism: false } });
