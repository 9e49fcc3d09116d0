import fc from "fast-check";

// The same cases in every run, so that a failure is due to a change; the heavy run looks for new ones.
if (!process.env.HEAVY) fc.configureGlobal({ seed: 42 });

// A user with a name and nothing else, independent of the configuration of whoever runs the tests.
Object.assign(process.env, {
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_AUTHOR_NAME: "Ada Lovelace",
  GIT_AUTHOR_EMAIL: "ada@example.com",
  GIT_COMMITTER_NAME: "Ada Lovelace",
  GIT_COMMITTER_EMAIL: "ada@example.com",
});
