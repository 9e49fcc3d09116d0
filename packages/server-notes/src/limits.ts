/** Bytes of a note; longer files are no notes, and every reader would hold them in memory. */
export const LARGEST_NOTE = 16_000_000;
