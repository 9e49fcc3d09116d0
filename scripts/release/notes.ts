/** The notes on one version in a package's CHANGELOG.md; undefined if there are none. */
export function notesOf(changelog: string, version: string): string | undefined {
  const lines = changelog.split("\n");
  const start = lines.indexOf(`## ${version}`);
  if (start === -1) return undefined;
  const length = lines.slice(start + 1).findIndex((line) => line.startsWith("## "));
  const section = length === -1 ? lines.slice(start + 1) : lines.slice(start + 1, start + 1 + length);
  return section.join("\n").trim() || undefined;
}
