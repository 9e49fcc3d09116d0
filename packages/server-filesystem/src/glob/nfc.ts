/** A name or a pattern in NFC, in which é is one character. Text below U+0300 is already in NFC. */
export const nfc = (text: string): string => (/[\u0300-\uffff]/.test(text) ? text.normalize("NFC") : text);
