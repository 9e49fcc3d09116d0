import { execFileSync, spawn, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import { join } from "node:path";
import { useServer } from "@org/server-kit/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { gitServer } from "../../src/server.ts";
import { type Git, gitIn, newRepository } from "../git.ts";

const { folder, ok, error } = useServer(gitServer, { args: ({ path }) => [join(path, "code"), "--allow-remote"] });
const before = process.env.GIT_CONFIG_GLOBAL;
/** Makes the certificate; without it, https is not tested. */
const TLS_TOOL = "openssl";
const hasTool = spawnSync(TLS_TOOL, ["version"]).status === 0;

let server: Server;
let git: Git;
let theirs: Git;

/** A local host that serves git over https to authenticated clients: git's own server behind a TLS proxy. */
beforeAll(async () => {
  if (!hasTool) return;
  const at = (name: string) => join(folder.path, name);
  const [key, certificate] = [at("key"), at("cert")];
  const names = "-subj /CN=localhost -addext subjectAltName=DNS:localhost";
  const make = `${TLS_TOOL} req -x509 -newkey rsa:2048 -nodes -days 2 ${names} -keyout '${key}' -out '${certificate}'`;
  execFileSync("sh", ["-c", make], { stdio: "ignore" });
  theirs = newRepository(at("their"));
  theirs.write("a.txt", "one\n");
  theirs.commit("First");
  mkdirSync(at("host"));
  theirs("clone", "-q", "--bare", ".", at("host/site.git"));
  theirs("-C", at("host/site.git"), "config", "http.receivepack", "true");
  theirs("remote", "add", "origin", at("host/site.git"));
  const backend = join(execFileSync("git", ["--exec-path"]).toString().trim(), "git-http-backend");
  server = createServer({ key: readFileSync(key), cert: readFileSync(certificate) }, (request, response) => {
    const isKnown = request.headers.authorization === `Basic ${Buffer.from("me:token").toString("base64")}`;
    if (!isKnown) return void response.writeHead(401, { "www-authenticate": "Basic realm=x" }).end();
    const url = new URL(request.url ?? "/", "https://localhost");
    const env = {
      ...{ PATH: process.env.PATH, GIT_PROJECT_ROOT: at("host"), GIT_HTTP_EXPORT_ALL: "1", REMOTE_USER: "me" },
      ...{ REQUEST_METHOD: request.method, PATH_INFO: url.pathname, QUERY_STRING: url.search.slice(1) },
      ...{ CONTENT_TYPE: request.headers["content-type"], HTTP_CONTENT_ENCODING: request.headers["content-encoding"] },
      GIT_PROTOCOL: String(request.headers["git-protocol"] ?? ""),
    };
    const child = spawn(backend, { env });
    request.pipe(child.stdin);
    const pieces: Buffer[] = [];
    child.stdout.on("data", (piece: Buffer) => pieces.push(piece));
    child.on("close", () => {
      const whole = Buffer.concat(pieces);
      const end = whole.indexOf("\r\n\r\n");
      for (const line of whole.toString("latin1", 0, end).split("\r\n")) {
        const [name = "", value = ""] = line.split(": ");
        if (name === "Status") response.statusCode = Number(value.slice(0, 3));
        else response.setHeader(name, value);
      }
      response.end(whole.subarray(end + 4));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" ? address?.port : 0;
  mkdirSync(at("code"));
  theirs("clone", "-q", at("host/site.git"), at("code/site"));
  git = gitIn(at("code/site"));
  git("remote", "set-url", "origin", `https://localhost:${port}/site.git`);
});
afterAll(async () => {
  if (!hasTool) return;
  process.env.GIT_CONFIG_GLOBAL = before;
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

/** The user's own configuration: the trusted certificate, and the credential helper. */
function userSays(token: string) {
  const [helper, config] = [join(folder.path, "helper"), join(folder.path, "user-config")];
  writeFileSync(helper, `#!/bin/sh\n[ "$1" = get ] && printf 'username=me\\npassword=${token}\\n'\nexit 0\n`);
  chmodSync(helper, 0o755);
  writeFileSync(config, `[http]\n\tsslCAInfo = ${join(folder.path, "cert")}\n[credential]\n\thelper = ${helper}\n`);
  process.env.GIT_CONFIG_GLOBAL = config;
}

test.runIf(hasTool)(
  "over https, who one is comes from the user's configuration, and never from the repository's",
  async () => {
    const mark = join(folder.path, "mark");
    git("config", "credential.helper", `!touch ${mark}; printf 'username=me\\npassword=token\\n'`);
    git("config", "credential.https://localhost.helper", `!touch ${mark}; printf 'username=me\\npassword=token\\n'`);
    git("config", "core.askPass", `touch ${mark}`);
    userSays("wrong");
    expect(await error("git_fetch", {})).toMatch(/^access_denied: "localhost" did not accept the credentials/);
    userSays("token");
    theirs.write("b.txt", "b\n");
    const id = theirs.commit("Second");
    theirs("push", "-q", "origin", "main");
    expect((await ok("git_pull", {})).value).toMatchObject({ host: "localhost", to: id, commits: 1 });
    git.write("c.txt", "c\n");
    const mine = git.commit("Third");
    expect((await ok("git_push", {})).value).toMatchObject({ commit: mine, to: "origin/main" });
    expect(theirs("ls-remote", "origin", "refs/heads/main")).toContain(mine);
    expect(existsSync(mark)).toBe(false);
  },
);

test.runIf(hasTool)("an untrusted certificate stops it, whatever the repository configures", async () => {
  userSays("token");
  writeFileSync(join(folder.path, "user-config"), "");
  expect(await error("git_fetch", {})).toMatch(/^unavailable: "localhost" cannot be reached/);
  git("config", "http.sslVerify", "false");
  expect(await error("git_fetch", {})).toMatch(
    /^access_denied: the repository's own configuration sets "http\.sslverify"/,
  );
  git("config", "--unset", "http.sslVerify");
});
