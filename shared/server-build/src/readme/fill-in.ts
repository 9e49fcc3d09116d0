import type { ServerDescription } from "../describe.ts";
import { Failure } from "../failure.ts";
import type { Listing } from "../listing/listing.ts";
import { SECTIONS } from "./sections.ts";

const MARKER = /^<!-- (\/?)generated: (\S+) -->$/;

/**
 * Replaces the text between the markers `<!-- generated: tools -->` and `<!-- /generated: tools -->`, and likewise for
 * options, resources, prompts and install. Everything else stays unchanged.
 * @throws Failure for a text without markers, an unknown name, or a marker without its counterpart
 */
export function fillIn(readme: string, server: ServerDescription, listing?: Listing): string {
  const lines: string[] = [];
  let open: string | undefined;
  let found = false;
  for (const line of readme.split("\n")) {
    const [marker, slash, name = ""] = MARKER.exec(line.trimEnd()) ?? [];
    if (marker === undefined) {
      if (open === undefined) lines.push(line);
      continue;
    }
    found = true;
    if (slash) {
      if (open !== name) throw new Failure(`README.md: '${marker}' ends what was not begun.`);
      lines.push(marker);
      open = undefined;
      continue;
    }
    if (open !== undefined) throw unended(open);
    const section = Object.hasOwn(SECTIONS, name) ? SECTIONS[name] : undefined;
    if (!section) {
      throw new Failure(`README.md: '${marker}' is unknown. Known: ${Object.keys(SECTIONS).join(", ")}.`);
    }
    lines.push(marker, "", section(server, listing), "");
    open = name;
  }
  if (open !== undefined) throw unended(open);
  // A README without markers would always pass the check.
  if (!found) throw new Failure("README.md has no generated part. Add '<!-- generated: tools -->' and its end.");
  return lines.join("\n");
}

function unended(name: string): Failure {
  return new Failure(`README.md: '<!-- generated: ${name} -->' has no '<!-- /generated: ${name} -->'.`);
}
