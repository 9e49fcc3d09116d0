import { ToolError } from "@org/server-kit";
import { append } from "../../markdown/edit.ts";
import { stemOf } from "../../note-path.ts";
import { newNotePath } from "../create.ts";
import { changeNote, kindAt, type Note, readNote, writeNewNote } from "../notes.ts";
import type { Vault } from "../vault.ts";
import { dateFormatter, localDay } from "./dates.ts";
import { type DailySettings, dailySettings } from "./settings.ts";
import { fillTemplate, readTemplate, textAt } from "./templates.ts";

const TEMPLATE = "daily";
const WITHOUT_TEMPLATE = "# {{title}}\n";

export interface Daily {
  readonly note: Note;
  readonly isCreated: boolean;
}

/**
 * The note of a day, created from its template when missing; `content` is appended. @param date YYYY-MM-DD, by default
 * today in the server's time zone
 */
export async function openDailyNote(
  vault: Vault,
  date: string | undefined,
  content: string | undefined,
  signal: AbortSignal,
): Promise<Daily> {
  const day = dayOf(date);
  const settings = await dailySettings(vault);
  const format = await dateFormatter();
  const name = format(day, settings.format.replace(/\.md$/i, ""));
  const path = newNotePath(vault, `${settings.folder === "" ? "" : `${settings.folder}/`}${name}.md`, "daily note");
  const isCreated = await create(vault, path, { day, settings, signal });
  if (content === undefined || content.trim() === "") return { note: await readNote(vault, path, signal), isCreated };
  const { after } = await changeNote(vault, path, { change: ({ text }) => append(text, content), signal });
  return { note: after, isCreated };
}

interface Making {
  readonly day: Date;
  readonly settings: DailySettings;
  readonly signal: AbortSignal;
}

async function create(vault: Vault, path: string, { day, settings, signal }: Making): Promise<boolean> {
  if ((await kindAt(vault, path)) !== undefined) return false;
  const { template } = settings;
  const named = template === undefined ? undefined : await textAt(vault, template, signal);
  const text = named ?? (await readTemplate(vault, TEMPLATE, signal)) ?? WITHOUT_TEMPLATE;
  try {
    await writeNewNote(vault, path, await fillTemplate(vault, text, stemOf(path), day));
    return true;
  } catch (error) {
    // Somebody else created the same day's note at this moment.
    if (error instanceof ToolError && error.code === "already_exists") return false;
    throw error;
  }
}

/** Local noon for any day but today, so that no clock change moves it to another day. */
function dayOf(date: string | undefined): Date {
  if (date === undefined) return new Date();
  const [, year = "", month = "", day = ""] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date) ?? [];
  const found = new Date(Number(year), Number(month) - 1, Number(day), 12);
  if (year !== "" && localDay(found) === date) return found;
  throw new ToolError("invalid_input", "date: pass a day as YYYY-MM-DD, such as 2026-11-20.");
}
