import { readFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { bundle } from "../src/bundle.ts";
import { isAllowed } from "../src/licences.ts";
import { makeFolder, packageFiles } from "./folder.ts";

function server(source: string, ...packages: Record<string, string>[]) {
  const own = { "package.json": JSON.stringify({ name: "sample", version: "9.9.9" }), "src/cli.ts": source };
  return makeFolder(Object.assign(own, ...packages));
}

const licencesOf = (folder: string) => readFile(path.join(folder, "dist/THIRD_PARTY_LICENSES.txt"), "utf8");

test("every bundled package is named with its texts, including nested ones", async () => {
  const folder = await server(
    `import { name } from "outer"; console.log(name);`,
    packageFiles("outer", {
      text: "Copyright Outer",
      source: `import { name as inner } from "@deep/inner"; export const name = () => inner();`,
    }),
    packageFiles("@deep/inner", { text: "Copyright Inner", license: "ISC", under: "node_modules/outer" }),
    { "node_modules/outer/NOTICE.md": "Outer's notice" },
  );
  expect((await bundle(folder)).warnings).toEqual([]);
  const text = await licencesOf(folder);
  expect(text).toContain("outer 1.2.3 (MIT)\n\nCopyright Outer\n\nOuter's notice\n");
  expect(text).toContain("@deep/inner 1.2.3 (ISC)\n\nCopyright Inner\n");
  expect(text).not.toContain("sample");
});

test("a text that packages share is printed once, whatever its line ends", async () => {
  const folder = await server(
    `import { name as a } from "b-pack"; import { name as b } from "a-pack"; console.log(a, b);`,
    packageFiles("a-pack", { text: "Same\ntext\n" }),
    packageFiles("b-pack", { text: "Same\r\ntext" }),
  );
  await bundle(folder);
  expect(await licencesOf(folder)).toContain("a-pack 1.2.3 (MIT)\nb-pack 1.2.3 (MIT)\n\nSame\ntext\n");
});

test("a folder inside a package whose package.json only sets the module type is not a package", async () => {
  const folder = await server(
    `import { name } from "outer"; console.log(name);`,
    packageFiles("outer", { text: "Copyright Outer", source: `export { name } from "./dist/esm/index.js";` }),
    { "node_modules/outer/dist/esm/package.json": `{"type":"module"}` },
    { "node_modules/outer/dist/esm/index.js": `export const name = "deep";` },
  );
  await bundle(folder);
  expect(await licencesOf(folder)).toContain("outer 1.2.3 (MIT)\n\nCopyright Outer");
});

test("what tree shaking leaves out is not listed", async () => {
  const folder = await server(
    `import { name } from "used"; import { name as other } from "unused"; console.log(name);`,
    packageFiles("used", { text: "Used" }),
    packageFiles("unused", { text: "Unused", license: "GPL-3.0-only" }),
  );
  await bundle(folder);
  expect(await licencesOf(folder)).not.toContain("unused");
});

test("a package without a licence file is named and warned about", async () => {
  const folder = await server(`import { name } from "bare"; console.log(name);`, packageFiles("bare"));
  const { warnings } = await bundle(folder);
  expect(warnings).toEqual([expect.stringContaining("bare 1.2.3 has no licence file")]);
  expect(await licencesOf(folder)).toContain("bare 1.2.3 (MIT)");
});

test("code vendored in a package's files is named with it", async () => {
  const region = "//#region ../../node_modules/.pnpm/@some+thing@4.1.1_peer@1.0.0/node_modules/@some/thing/index.js\n";
  const folder = await server(
    `import { name } from "carrier"; console.log(name);`,
    packageFiles("carrier", { text: "Carrier", source: `${region}export const name = () => 1;\n//#endregion` }),
  );
  await bundle(folder);
  expect(await licencesOf(folder)).toContain("carrier 1.2.3 (MIT)\n  with @some/thing 4.1.1 inside\n");
});

test.each(["GPL-3.0-only", "SEE LICENSE IN LICENSE", "UNLICENSED"])("%s fails the build by name", async (license) => {
  const folder = await server(`import { name } from "closed"; console.log(name);`, packageFiles("closed", { license }));
  await expect(bundle(folder)).rejects.toThrow(`closed 1.2.3 (${license})`);
});

test("expressions need one allowed side of OR and both of AND", () => {
  expect(["MIT", "(MIT OR GPL-3.0)", "GPL-3.0 OR Apache-2.0", "MIT AND ISC"].filter(isAllowed)).toHaveLength(4);
  const refused = [
    "GPL-3.0",
    "MIT AND GPL-3.0",
    "",
    "unknown",
    "Apache-2.0 WITH Exception",
    "(MIT AND (GPL-3.0 OR X))",
  ];
  expect(refused.filter(isAllowed)).toEqual([]);
});

const BSD =
  "Redistribution and use in source and binary forms, with or without\nmodification, are permitted provided that the following conditions are met:";

test("a package without a licence field is identified by its only text, if that is unambiguous", async () => {
  const withText = (text: string, more: Record<string, string> = {}) =>
    server(
      `import { name } from "outer"; console.log(name);`,
      packageFiles("outer", { text }),
      {
        "node_modules/outer/package.json": `{"name":"outer","version":"1.2.3","type":"module","exports":"./index.js"}`,
      },
      more,
    );
  const folder = await withText(BSD);
  await bundle(folder);
  expect(await licencesOf(folder)).toContain("outer 1.2.3 (BSD-2-Clause)\n\nRedistribution");
  const refused = "does not allow bundling: outer 1.2.3 (unknown)";
  await expect(bundle(await withText(`${BSD}\nNeither the name of the author …`))).rejects.toThrow(refused);
  await expect(bundle(await withText("Ask the author."))).rejects.toThrow(refused);
  await expect(bundle(await withText(BSD, { "node_modules/outer/LICENSE-2": "Other" }))).rejects.toThrow(refused);
});

test("the bill of materials lists what is inside and what npm installs besides, the same for the same sources", async () => {
  const own = { name: "@me/sample", version: "9.9.9", license: "MIT", dependencies: { "@native/part": "^1.0.0" } };
  const region = "//#region ../../node_modules/.pnpm/@some+thing@4.1.1/node_modules/@some/thing/index.js\n";
  const folder = await makeFolder({
    "src/cli.ts": `import { name } from "carrier"; import { name as part } from "@native/part"; console.log(name, part);`,
    ...packageFiles("carrier", { text: "Carrier", license: "ISC", source: `${region}export const name = () => 1;` }),
    ...packageFiles("@native/part", { text: "Part", license: "Apache-2.0" }),
    "package.json": JSON.stringify(own),
  });
  const sbom = async () => {
    await bundle(folder);
    return readFile(path.join(folder, "dist/sbom.cdx.json"), "utf8");
  };
  const first = await sbom();
  expect(JSON.parse(first)).toMatchObject({
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    metadata: { component: { type: "application", purl: "pkg:npm/%40me/sample@9.9.9" } },
    components: [
      {
        purl: "pkg:npm/carrier@1.2.3",
        licenses: [{ expression: "ISC" }],
        components: [{ purl: "pkg:npm/%40some/thing@4.1.1" }],
      },
      { purl: "pkg:npm/%40native/part@1.2.3", licenses: [{ expression: "Apache-2.0" }] },
    ],
    dependencies: [
      { ref: "pkg:npm/%40me/sample@9.9.9", dependsOn: ["pkg:npm/carrier@1.2.3", "pkg:npm/%40native/part@1.2.3"] },
    ],
  });
  expect(await sbom()).toBe(first);
});
