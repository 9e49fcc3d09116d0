/** Said to the user as it is. */
export class NewServerError extends Error {
  override readonly name = "NewServerError";
}

/** What a server is called, from its one name. */
export interface Names {
  /** `server-air-quality`: its folder, its package without the scope, its command. */
  readonly server: string;
  /** `airQuality` */
  readonly variable: string;
  /** `AirQuality`: the type of its context. */
  readonly type: string;
  /** `Air quality`: for people. */
  readonly title: string;
  /** `AIR_QUALITY`: the beginning of its environment names. */
  readonly environment: string;
}

const LONGEST = 30;

/** @throws NewServerError for what cannot be a server's name */
export function namesOf(name: string): Names {
  if (!/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(name) || name.length > LONGEST) {
    throw new NewServerError(
      `${JSON.stringify(name.slice(0, 2 * LONGEST))} cannot be a name. ` +
        `Use lower-case letters, digits and single hyphens, begin with a letter, at most ${LONGEST} characters: air-quality.`,
    );
  }
  if (/^server(?:-|$)/.test(name)) {
    throw new NewServerError(`Leave out "server": pnpm new-server ${name.slice("server-".length) || "air-quality"}.`);
  }
  // MCP_SERVER_TIMEOUT and its like belong to every server.
  if (/^mcp(?:-|$)/.test(name))
    throw new NewServerError(`A name cannot begin with "mcp": its environment is everyone's.`);
  const words = name.split("-");
  const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);
  const type = words.map(capital).join("");
  return {
    server: `server-${name}`,
    variable: type.charAt(0).toLowerCase() + type.slice(1),
    type,
    title: capital(words.join(" ")),
    environment: name.toUpperCase().replaceAll("-", "_"),
  };
}
