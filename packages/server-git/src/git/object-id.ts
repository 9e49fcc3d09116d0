/** A full object id, SHA-1 or SHA-256. */
export const OBJECT_ID = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

/** What git writes instead of an id or a mode when there is no object. */
export const isNothing = (zeros: string): boolean => /^0+$/.test(zeros);
