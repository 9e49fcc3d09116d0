import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { parse as parseYaml } from "yaml";
import { HOSTS, type Host } from "../src/listing/hosts.ts";
import { launchOf, remoteOf, shellWords } from "../src/listing/launch.ts";
import { installLinks } from "../src/listing/links.ts";
import type { Listing } from "../src/listing/listing.ts";
import type { Snippet } from "../src/listing/snippets.ts";
import { fillIn } from "../src/readme/fill-in.ts";
import { BARE, LISTING } from "./sample-listing.ts";
import { SAMPLE } from "./server.ts";

const ARGS = ["-y", "@acme/server-sample", "~/My files & (more)"];
const ENV = { SAMPLE_DATABASE_URL: 'postgresql://me:it\'s "$5"@localhost/db' };
const URL_ = "http://127.0.0.1:3000/mcp";

/** The words into which a POSIX shell splits a line. */
function wordsOf(code: string): string[] {
  const script = `set -f; HOME=/home/me; for word in ${code}; do printf '%s\\0' "$word"; done`;
  return execFileSync("sh", ["-c", script], { encoding: "utf8" }).split("\0").slice(0, -1);
}

/** Everything in a snippet, at any depth: texts, and names with their values. */
function textsIn({ language, code }: Snippet): string[] {
  if (language === "sh")
    return wordsOf(code).flatMap((word) => (word.startsWith("{") ? deepTexts(JSON.parse(word)) : [word]));
  return deepTexts(language === "json" ? JSON.parse(code) : parseYaml(code));
}

function deepTexts(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [
    key,
    ...(typeof inner === "string" ? [`${key}=${inner}`] : []),
    ...deepTexts(inner),
  ]);
}

const hosts: readonly (readonly [string, Host])[] = HOSTS.map((host) => [host.name, host]);

describe.skipIf(process.platform === "win32").each(hosts)("%s", (_, host) => {
  test("gets the package, its arguments and its variables, whatever characters they contain", () => {
    const snippets = host.stdio(launchOf(LISTING));
    expect(snippets).not.toEqual([]);
    for (const snippet of snippets) {
      const texts = textsIn(snippet);
      expect(texts).toEqual(expect.arrayContaining(["npx", ...ARGS]));
      const isShown = texts.some((text) => text.startsWith("SAMPLE_DATABASE_URL="));
      expect(isShown, snippet.code).toBe(true);
      if (!snippet.code.includes("promptString")) {
        expect(texts).toContain(`SAMPLE_DATABASE_URL=${ENV.SAMPLE_DATABASE_URL}`);
      }
    }
  });

  test("is told nothing that a server without options does not need", () => {
    const texts = host.stdio(launchOf(BARE)).flatMap(textsIn);
    expect(texts).toEqual(expect.arrayContaining(["npx", "-y", "@acme/server-sample"]));
    expect(texts.filter((text) => /undefined|SAMPLE_|^--env$|^-e$/.test(text))).toEqual([]);
  });

  test("over HTTP it gets the address, and a token when there is one", () => {
    const guarded = host.http(remoteOf(LISTING)).flatMap(textsIn);
    const open = host.http({ key: "sample", title: "Sample", url: URL_ }).flatMap(textsIn);
    if (host.name.startsWith("Windows")) return expect([guarded, open]).toEqual([[], []]);
    expect(guarded.some((text) => /Bearer your-token$|^MCP_HTTP_TOKEN$/.test(text))).toBe(true);
    for (const texts of [guarded, open]) expect(texts).toContain(URL_);
    expect(open.filter((text) => /token|bearer|header|authorization/i.test(text))).toEqual([]);
  });
});

test("hosts that can ask for a password do, and it is in no file", () => {
  const vsCode = HOSTS.find(({ name }) => name === "VS Code");
  const file = vsCode?.stdio(launchOf(LISTING)).find(({ language }) => language === "json");
  expect(JSON.parse(file?.code ?? "")).toMatchObject({
    // biome-ignore lint/suspicious/noTemplateCurlyInString: VS Code fills it in.
    servers: { sample: { env: { SAMPLE_DATABASE_URL: "${input:SAMPLE_DATABASE_URL}" } } },
    inputs: [{ type: "promptString", id: "SAMPLE_DATABASE_URL", password: true }],
  });
  expect(vsCode?.stdio(launchOf(BARE))).toHaveLength(1);
});

describe("links", () => {
  const entryIn = (listing: Listing): Record<string, unknown>[] =>
    installLinks(launchOf(listing)).map(({ host, url }) => {
      const { protocol, searchParams } = new URL(url);
      expect(protocol, "GitHub and npm take other links out of a README").toBe("https:");
      const config = searchParams.get("config") ?? "";
      if (host === "Goose") {
        return { command: searchParams.get("cmd"), args: searchParams.getAll("arg"), env: searchParams.getAll("env") };
      }
      const isJson = config.startsWith("{");
      expect([searchParams.get("name"), isJson]).toEqual(["sample", /VS Code|Kiro/.test(host)]);
      return JSON.parse(isJson ? config : Buffer.from(config, "base64").toString());
    });

  test("carry the command, its arguments and its variables", () => {
    const links = entryIn(LISTING);
    expect(links).toHaveLength(5);
    const [goose, ...others] = links.toReversed();
    expect(goose).toEqual({ command: "npx", args: ARGS, env: ["SAMPLE_DATABASE_URL=SAMPLE_DATABASE_URL"] });
    for (const entry of others) expect(entry).toEqual({ command: "npx", args: ARGS, env: ENV });
    for (const entry of entryIn(BARE))
      expect(entry).toMatchObject({ command: "npx", args: ["-y", "@acme/server-sample"] });
  });

  test("end where they should in Markdown", () => {
    for (const { url, badge } of installLinks(launchOf(LISTING))) expect(url + badge).not.toMatch(/[\s()<>"']/);
  });
});

describe("the README's section", () => {
  const markers = "<!-- generated: install -->\n<!-- /generated: install -->";
  const section = fillIn(markers, SAMPLE, LISTING);

  test("has every host folded, in the order of names, and nothing left to fill in", () => {
    const summaries = [...section.matchAll(/^<details>\n<summary>(.*)<\/summary>$/gm)].map(([, name = ""]) => name);
    expect(summaries).toEqual(HOSTS.map(({ name }) => name));
    expect(summaries).toEqual(summaries.toSorted((a, b) => a.localeCompare(b, "en")));
    expect(section.match(/^<\/details>$/gm)).toHaveLength(HOSTS.length);
    expect(section).not.toMatch(/undefined|\{releases\}/);
    expect(section).toContain("https://github.com/acme/servers/releases");
  });

  test("has only code that is valid in its language", () => {
    const blocks = [...section.matchAll(/^```(\w+)\n(.*?)\n```$/gms)];
    expect(blocks.length).toBeGreaterThan(HOSTS.length);
    for (const [, language, code = ""] of blocks) {
      if (language === "json") expect(() => JSON.parse(code), code).not.toThrow();
      else if (language === "yaml") expect(parseYaml(code)).toHaveProperty("extensions.sample");
      else expect(() => execFileSync("sh", ["-n"], { input: code, stdio: "pipe" }), code).not.toThrow();
    }
  });

  test("is refused if package.json has no listing", () => {
    expect(() => fillIn(markers, SAMPLE)).toThrow('needs "server-build": { "listing": … }');
  });
});

test.skipIf(process.platform === "win32")("a shell reads words back unchanged, and expands a home folder", () => {
  const words = ["a b", "it's", '"$HOME"', "`id`", "a\\b", "!*?", "-x", "é|;&", "plain/path"];
  expect(wordsOf(shellWords(words))).toEqual(words);
  expect(wordsOf(shellWords(["~/notes"]))).toEqual(["/home/me/notes"]);
});
