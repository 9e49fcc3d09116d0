/** Its message is shown to the user unchanged. */
export class NewServerError extends Error {
  override readonly name = "NewServerError";
}

/** A server's name in all its forms. */
export interface Names {
  /** `server-air-quality`: folder, package without the scope, and command. */
  readonly server: string;
  /** `airQuality` */
  readonly variable: string;
  /** `AirQuality`: the type of its context. */
  readonly type: string;
  /** `Air quality`: for people. */
  readonly title: string;
  /** `AIR_QUALITY`: the prefix of its environment variables. */
  readonly environment: string;
}

const LONGEST = 30;

/** @throws NewServerError for an invalid name */
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
  // Variables such as MCP_SERVER_TIMEOUT belong to every server.
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
