import { Tiktoken } from "js-tiktoken/lite";
import o200k from "js-tiktoken/ranks/o200k_base";
import type { Listed } from "../lib/listed.ts";

/** How much of a model's context a server's tools take: the tokens (o200k_base) of what hosts send. */
export function costsTable(servers: readonly Listed[]): string {
  const encoding = new Tiktoken(o200k);
  const rows = servers.map(({ command, described: { tools } }) => {
    const seen = tools.map(({ name, description, inputSchema }) => ({ name, description, inputSchema }));
    const tokens = encoding.encode(JSON.stringify(seen)).length;
    return `| ${command} | ${tools.length} | ${tokens.toLocaleString("en")} |`;
  });
  return ["| Server | Tools | Tokens for their definitions |", "| --- | --- | --- |", ...rows].join("\n");
}
