/** A path below `given`, in the notation that the client uses. */
export function joined(given: string, below: string): string {
  if (below === "") return given;
  if (given === "" || given === ".") return below;
  return given.endsWith("/") ? `${given}${below}` : `${given}/${below}`;
}
