import fc from "fast-check";

// The same cases in every run, so that a failure is due to the change; the heavy run looks for new ones.
if (!process.env.HEAVY) fc.configureGlobal({ seed: 42 });
