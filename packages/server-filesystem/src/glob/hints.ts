/**
 * Explains what is probably wrong with a glob that matched nothing, and what to write. @param base the absolute path of
 * the searched directory
 */
export function globHint(pattern: string, base: string): string | undefined {
  if (/\\[\w.*]/.test(pattern)) return `write / between names: ${pattern.replaceAll("\\", "/")}`;
  const below = belowBase(pattern, base);
  if (below !== undefined) return `patterns are relative to path: ${below === "" ? "**" : below}`;
  if (/^(?:[a-z]:|~)?\/.*\/|^[a-z]:/i.test(pattern)) return "patterns are relative to path: leave its own path out";
  if (/\[[^\]]+\]/.test(pattern)) {
    const literal = pattern.replace(/\[([^\]]+)\]/g, "\\[$1\\]");
    return `[…] matches one of its characters: ${literal} means the brackets themselves`;
  }
  if (/^[^*/].*\/./.test(pattern))
    return `with a / in it, a pattern starts at path: **/${pattern} matches at any depth`;
  if (!/[*?{/]/.test(pattern)) return `without wildcards it is the whole name: *${pattern}* matches a part of it`;
  return undefined;
}

function belowBase(pattern: string, base: string): string | undefined {
  const slashed = base.replaceAll("\\", "/").replace(/\/$/, "");
  if (slashed === "" || !pattern.startsWith(`${slashed}/`)) return pattern === slashed ? "" : undefined;
  return pattern.slice(slashed.length + 1);
}
