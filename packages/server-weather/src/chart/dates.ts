import { weekday } from "../forecast/zone.ts";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

const parts = (date: string) => {
  const [year = 0, month = 1, day = 1] = date.split("-").map(Number);
  return { year, month, day };
};

/** "Sat" of "2026-11-28". */
export const weekdayOf = (date: string): string => weekday(date).slice(0, 3);

export const monthOf = (date: string): string => MONTHS[parts(date).month - 1] ?? "";

export const dayOf = (date: string): number => parts(date).day;

export const yearOf = (date: string): number => parts(date).year;

/** "28 Nov" of "2026-11-28". */
export const dayAndMonth = (date: string): string => `${dayOf(date)} ${monthOf(date)}`;

/** "Sat 28 Nov", "28 Nov – 4 Dec 2026", "28 Dec 2026 – 3 Jan 2027". */
export function periodOf(first: string, last: string): string {
  if (first === last) return `${weekdayOf(first)} ${dayAndMonth(first)} ${yearOf(first)}`;
  const from = yearOf(first) === yearOf(last) ? dayAndMonth(first) : `${dayAndMonth(first)} ${yearOf(first)}`;
  return `${from} – ${dayAndMonth(last)} ${yearOf(last)}`;
}
