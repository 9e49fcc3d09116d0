/** Most bytes of a note; longer files do not count as notes, because every reader would hold them in memory. */
export const LARGEST_NOTE = 16_000_000;
