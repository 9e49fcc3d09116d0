import { quote, ToolError } from "@org/server-kit";
import { stemOf, visibleName } from "../../note-path.ts";
import { kindAt, readNote } from "../notes.ts";
import { safePath } from "../resolve.ts";
import type { Vault } from "../vault.ts";
import { dateFormatter } from "./dates.ts";
import { templateSettings } from "./settings.ts";

/** Fills in {{title}}, {{date}}, {{time}} and {{date:FORMAT}}, {{time:FORMAT}}; anything else in braces stays. */
export async function fillTemplate(vault: Vault, text: string, title: string, date: Date): Promise<string> {
  const [format, { dateFormat, timeFormat }] = await Promise.all([dateFormatter(), templateSettings(vault)]);
  return text.replace(/\{\{\s*(title|date|time)(?::([^{}\n]{1,60}))?\s*\}\}/gi, (_, name: string, own?: string) => {
    const what = name.toLowerCase();
    return what === "title" ? title : format(date, own ?? (what === "date" ? dateFormat : timeFormat));
  });
}

/** @returns the template's text, or undefined when there is none of this name */
export async function readTemplate(vault: Vault, name: string, signal: AbortSignal): Promise<string | undefined> {
  const file = safePath(vault, `${name.replace(/\.md$/i, "")}.md`, "template");
  const { folder } = await templateSettings(vault);
  return textAt(vault, folder === "" ? file : `${folder}/${file}`, signal);
}

/** The text of a note that a setting names, with or without `.md`; undefined when it is missing. */
export async function textAt(vault: Vault, path: string, signal: AbortSignal): Promise<string | undefined> {
  const file = vault.root.relative(`${path.replace(/^\/+|\.md$/gi, "")}.md`);
  if ((await kindAt(vault, file)) === undefined) return undefined;
  return (await readNote(vault, file, signal)).text;
}

export async function requireTemplate(vault: Vault, name: string, signal: AbortSignal): Promise<string> {
  const text = await readTemplate(vault, name, signal);
  if (text !== undefined) return text;
  const { folder } = await templateSettings(vault);
  const names = (await templateNames(vault)).slice(0, 20).map((one) => quote(one));
  const hint = names.length > 0 ? `There are ${names.join(", ")}.` : `The folder ${quote(folder)} has none.`;
  throw new ToolError("not_found", `there is no template ${quote(name)}. ${hint}`);
}

/** Names of the templates, sorted; empty when there is no such folder. */
export async function templateNames(vault: Vault): Promise<string[]> {
  const names: string[] = [];
  const { folder } = await templateSettings(vault);
  try {
    for await (const { name, kind, addressable } of vault.root.list(folder)) {
      const isTemplate = kind === "file" && addressable && /\.md$/i.test(name) && !name.startsWith(".");
      if (isTemplate) names.push(visibleName(stemOf(name)));
    }
  } catch {
    return [];
  }
  return names.sort();
}
