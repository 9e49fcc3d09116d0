/** A name or a pattern in NFC, in which é is one character. Below U+0300 nothing is written in two ways. */
export const nfc = (text: string): string => (/[\u0300-\uffff]/.test(text) ? text.normalize("NFC") : text);
