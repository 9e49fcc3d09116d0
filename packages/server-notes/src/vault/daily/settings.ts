import * as z from "zod";
import { isCode } from "../errors.ts";
import { asSpelled } from "../folders.ts";
import { safePath } from "../resolve.ts";
import type { Vault } from "../vault.ts";

/** Settings of Obsidian's core plugins; anything but text counts as not set. */
const text = z.string().optional().catch(undefined);
const DailyNotes = z.object({ folder: text, format: text, template: text });
const Templates = z.object({ folder: text, dateFormat: text, timeFormat: text });

const LARGEST = 100_000;

/** Where daily notes go, and how they are named. */
export interface DailySettings {
  readonly folder: string;
  /** A Moment.js format; a slash makes folders. */
  readonly format: string;
  /** Path of the template without .md, if the vault names one. */
  readonly template: string | undefined;
}

/** Options take precedence over Obsidian's settings; the default is the folder `daily`. */
export async function dailySettings(vault: Vault): Promise<DailySettings> {
  const own = await settingsOf(vault, "daily-notes", DailyNotes);
  const folder = vault.dailyFolder ?? own?.folder ?? (own ? "" : "daily");
  return {
    folder: await spelled(vault, folder, "the folder of the daily notes"),
    format: own?.format || "YYYY-MM-DD",
    template: vault.templates === undefined ? own?.template || undefined : undefined,
  };
}

/** Where templates are, and how {{date}} and {{time}} look in them. */
export interface TemplateSettings {
  readonly folder: string;
  readonly dateFormat: string;
  readonly timeFormat: string;
}

export async function templateSettings(vault: Vault): Promise<TemplateSettings> {
  const own = await settingsOf(vault, "templates", Templates);
  return {
    // An option may name a hidden folder: its owner wants that, and templates are only read.
    folder: await asSpelled(vault, vault.templates ?? own?.folder ?? "templates"),
    dateFormat: own?.dateFormat || "YYYY-MM-DD",
    timeFormat: own?.timeFormat || "HH:mm",
  };
}

async function spelled(vault: Vault, folder: string, what: string): Promise<string> {
  const inside = folder.replace(/^\/+|\/+$/g, "");
  return inside === "" || inside === "." ? "" : asSpelled(vault, safePath(vault, inside, what));
}

/** Undefined when there is no such file, or it cannot be understood. Read each time, because the user may change it. */
async function settingsOf<T>({ root, log }: Vault, plugin: string, schema: z.ZodType<T>): Promise<T | undefined> {
  const path = `.obsidian/${plugin}.json`;
  try {
    const { bytes } = await root.read(path, { maxBytes: LARGEST });
    return schema.parse(JSON.parse(bytes.toString("utf8")));
  } catch (error) {
    if (!isCode(error, "not_found", "not_a_directory"))
      log.debug("settings not understood", { path, reason: String(error) });
    return undefined;
  }
}
