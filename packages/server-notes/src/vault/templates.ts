import { quote, ToolError } from "@org/server-kit";
import { stemOf } from "../note-path.ts";
import { kindAt, readNote } from "./notes.ts";
import { safePath } from "./resolve.ts";
import type { Vault } from "./vault.ts";

const TOKENS = /YYYY|YY|MMMM|MMM|MM|M|DD|D|dddd|ddd|HH|mm|ss|\[[^\]]*\]/g;

/** A date as a template wants it: `YYYY-MM-DD`, `dddd D MMMM`, `HH:mm`; words in [brackets] stand for themselves. */
export function formatDate(date: Date, format: string): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const name = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat("en", options).format(date);
  const values: Readonly<Record<string, () => string>> = {
    YYYY: () => String(date.getFullYear()).padStart(4, "0"),
    YY: () => two(date.getFullYear() % 100),
    MMMM: () => name({ month: "long" }),
    MMM: () => name({ month: "short" }),
    MM: () => two(date.getMonth() + 1),
    M: () => String(date.getMonth() + 1),
    DD: () => two(date.getDate()),
    D: () => String(date.getDate()),
    dddd: () => name({ weekday: "long" }),
    ddd: () => name({ weekday: "short" }),
    HH: () => two(date.getHours()),
    mm: () => two(date.getMinutes()),
    ss: () => two(date.getSeconds()),
  };
  return format.replace(TOKENS, (token) => values[token]?.() ?? token.slice(1, -1));
}

/** Fills {{title}}, {{date}}, {{time}} and {{date:FORMAT}}, {{time:FORMAT}}; anything else in braces stays. */
export function fillTemplate(text: string, title: string, date: Date): string {
  return text.replace(/\{\{\s*(title|date|time)(?::([^{}\n]{1,60}))?\s*\}\}/g, (_, name: string, format?: string) => {
    if (name === "title") return title;
    return formatDate(date, format ?? (name === "date" ? "YYYY-MM-DD" : "HH:mm"));
  });
}

/** @returns the template's text, or undefined when there is none of this name */
export async function readTemplate(vault: Vault, name: string, signal: AbortSignal): Promise<string | undefined> {
  const file = safePath(vault, `${name.replace(/\.md$/i, "")}.md`, "template");
  // The folder itself may be hidden: its owner has named it, and templates are only read.
  const path = vault.templates === "" ? file : `${vault.templates}/${file}`;
  if ((await kindAt(vault, path)) === undefined) return undefined;
  return (await readNote(vault, path, signal)).text;
}

export async function requireTemplate(vault: Vault, name: string, signal: AbortSignal): Promise<string> {
  const text = await readTemplate(vault, name, signal);
  if (text !== undefined) return text;
  const names = (await templateNames(vault)).slice(0, 20).map((one) => quote(one));
  const hint = names.length > 0 ? `There are ${names.join(", ")}.` : `The folder ${quote(vault.templates)} has none.`;
  throw new ToolError("not_found", `there is no template ${quote(name)}. ${hint}`);
}

/** Names of the templates, sorted; none when there is no such folder. */
export async function templateNames({ root, templates }: Vault): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const { name, kind, addressable } of root.list(templates)) {
      if (kind === "file" && addressable && /\.md$/i.test(name) && !name.startsWith(".")) names.push(stemOf(name));
    }
  } catch {
    return [];
  }
  return names.sort();
}
