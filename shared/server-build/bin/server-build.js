#!/usr/bin/env node
// Committed, so that package managers can link the command before dist/ is built.
await import("../dist/cli.js");
