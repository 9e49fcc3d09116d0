const LETTERS: Readonly<Record<string, string>> = {
  ø: "o",
  ł: "l",
  đ: "d",
  ı: "i",
  ß: "ss",
  æ: "ae",
  œ: "oe",
  þ: "th",
};

/** The form for comparing names: no case, no accents, one space for any run of punctuation, St for Saint. */
export function fold(text: string): string {
  return text
    .normalize("NFD")
    .toLowerCase()
    .replace(/\p{M}/gu, "")
    .replace(/[øłđıßæœþ]/g, (letter) => LETTERS[letter] ?? letter)
    .replace(/['’‘ʻ`.]/g, "")
    .replaceAll("&", " and ")
    .replace(/[^\p{L}\p{N}+]+/gu, " ")
    .replace(/\bsaint(?=e? )/g, "st")
    .trim();
}
