/** A whole id, of SHA-1 or SHA-256. */
export const OBJECT_ID = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

/** What git writes in place of an id where there is no object, and in place of a mode. */
export const isNothing = (zeros: string): boolean => /^0+$/.test(zeros);
