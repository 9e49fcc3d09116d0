import { ToolError } from "@org/server-kit";
import { append } from "../markdown/edit.ts";
import { changeNote, kindAt, type Note, readNote, writeNewNote } from "./notes.ts";
import { fillTemplate, formatDate, readTemplate } from "./templates.ts";
import type { Vault } from "./vault.ts";

const TEMPLATE = "daily";

export interface Daily {
  readonly note: Note;
  readonly isCreated: boolean;
}

/**
 * The note of a day, made from the template `daily` when it is missing; `content` is added at its end.
 * @param date YYYY-MM-DD, by default today where the server runs
 */
export async function openDailyNote(
  vault: Vault,
  date: string | undefined,
  content: string | undefined,
  signal: AbortSignal,
): Promise<Daily> {
  const day = dayOf(date);
  const name = formatDate(day, "YYYY-MM-DD");
  const path = vault.dailyFolder === "" ? `${name}.md` : `${vault.dailyFolder}/${name}.md`;
  const isCreated = await create(vault, path, name, day, signal);
  if (content === undefined || content.trim() === "") return { note: await readNote(vault, path, signal), isCreated };
  const { after } = await changeNote(vault, path, undefined, ({ text }) => append(text, content), signal);
  return { note: after, isCreated };
}

async function create(vault: Vault, path: string, name: string, day: Date, signal: AbortSignal): Promise<boolean> {
  if ((await kindAt(vault, path)) !== undefined) return false;
  const template = (await readTemplate(vault, TEMPLATE, signal)) ?? "# {{title}}\n";
  try {
    await writeNewNote(vault, path, fillTemplate(template, name, day));
    return true;
  } catch (error) {
    // Somebody else opened the same day in this moment.
    if (error instanceof ToolError && error.code === "already_exists") return false;
    throw error;
  }
}

/** Local noon of a day that is no today: no change of the clocks moves it to another. */
function dayOf(date: string | undefined): Date {
  if (date === undefined) return new Date();
  const [, year = "", month = "", day = ""] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date) ?? [];
  const found = new Date(Number(year), Number(month) - 1, Number(day), 12);
  if (year !== "" && formatDate(found, "YYYY-MM-DD") === date) return found;
  throw new ToolError("invalid_input", "date: pass a day as YYYY-MM-DD, such as 2026-11-20.");
}
