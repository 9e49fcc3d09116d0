import { cpus } from "node:os";

/** One measured fact. `holds` is left out where there is no target. */
export interface Figure {
  readonly what: string;
  readonly measured: string;
  readonly target?: string;
  readonly holds?: boolean;
}

export interface Section {
  readonly title: string;
  /** What was done, in a sentence or two. */
  readonly how: string;
  readonly figures: readonly Figure[];
}

const COLUMNS = ["What", "Measured", "Target", "Holds"];

const cells = ({ what, measured, target = "", holds }: Figure) => [
  what,
  measured,
  target,
  holds === undefined ? "" : holds ? "yes" : "NO",
];

/** A section for a terminal. */
export function toText({ title, how, figures }: Section): string {
  const rows = figures.map(cells);
  const widths = COLUMNS.map((name, at) => Math.max(name.length, ...rows.map((row) => row[at]?.length ?? 0)));
  const line = (row: readonly string[]) => row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join("  ");
  return [`${title}\n${how}`, ...[COLUMNS, ...rows].map((row) => line(row).trimEnd())].join("\n");
}

/** All sections for RESULTS.md, with what a reader needs to judge and repeat them. */
export function toMarkdown(sections: readonly Section[], date: Date): string {
  const machine = `${date.toISOString().slice(0, 10)}, Node ${process.versions.node}, ${process.platform} ${process.arch}, ${cpus().length} CPUs`;
  const parts = sections.map(({ title, how, figures }) => {
    const rows = [COLUMNS, COLUMNS.map(() => "---"), ...figures.map(cells)];
    return `## ${title}\n\n${how}\n\n${rows.map((row) => `| ${row.join(" | ")} |`).join("\n")}\n`;
  });
  return `# Results\n\n${machine}. Written by \`pnpm bench --write\`; a machine's figures are its own, the ratios travel.\nEvery comparison alternates within one run. Figures are medians, and in brackets the quarters around them.\n\n${parts.join("\n")}`;
}
