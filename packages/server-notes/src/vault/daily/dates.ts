/** The local day of a time, as YYYY-MM-DD. */
export function localDay(date: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  return `${String(date.getFullYear()).padStart(4, "0")}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

export type FormatDate = (date: Date, format: string) => string;

/** Formats as Obsidian does, with Moment.js: `YYYY/MM/YYYY-MM-DD`, `gggg-[W]ww`, `Do MMMM`. Loaded on first use. */
export async function dateFormatter(): Promise<FormatDate> {
  const { default: moment } = await import("moment");
  return (date, format) => moment(date).locale("en").format(format);
}
