import iconv from "iconv-lite";
import { expect, test } from "vitest";
import { likelyEncodings } from "../../src/text/guess.ts";

test.each([
  ["windows-1252", "café\nnaïve\n"],
  ["windows-1252", "L'été dernier, nous avons mangé des crêpes à Saint-Malo. Ça coûte 12 €."],
  ["windows-1252", "Grüße aus Köln, schöne Straße, Übung"],
  ["windows-1252", "El niño comió piñas. ¿Qué tal? ¡Olé! AÑO"],
  ["windows-1252", "He said “don’t” – and left… it’s"],
  ["windows-1252", "25°C, ±5, 100 £, © 2024, «bonjour»"],
  ["windows-1252", "RÉSUMÉ"],
  ["windows-1252", "a² + b² = c²"],
  ["windows-1250", "zażółć gęślą jaźń, Łódź i Kraków"],
  ["windows-1250", "Příliš žluťoučký kůň úpěl ďábelské ódy"],
  ["windows-1251", "Привет, мир! Это простой текст на русском языке.\n"],
  ["windows-1251", "INFO start\nlog: ошибка file not found\n"],
  ["windows-1251", "Це простий текст українською мовою, з літерами ї та є"],
  ["koi8-r", "Привет, мир! Это простой текст на русском языке.\n"],
  ["ibm866", "Привет, мир! Это простой текст.\n"],
  ["windows-1253", "Αυτό είναι ένα απλό κείμενο στα ελληνικά"],
  ["windows-1255", "זהו טקסט פשוט בעברית לבדיקה של קידוד"],
  ["shift_jis", "これは日本語のテキストです。エラーが発生しました"],
  ["shift_jis", "日本語\nテキスト\n"],
  ["euc-jp", "これは日本語のテキストです。エラーが発生しました"],
  ["gb18030", "这是一个中文文本文件，用于测试编码。错误发生在第三行"],
  ["gb18030", "ERROR 文件不存在 path=/tmp/a\nINFO ok\n"],
  ["big5", "這是一個中文文本檔案，用於測試編碼。錯誤發生在第三行"],
  ["euc-kr", "안녕하세요. 이것은 한국어 텍스트입니다. 오류가 발생했습니다"],
])("%s is the first guess for %j", async (encoding, text) => {
  const guesses = await likelyEncodings(iconv.encode(text, encoding), true);
  expect(guesses[0]).toBe(encoding);
});

test("what reads as nonsense is not guessed, mostly ASCII text in particular not as that of other scripts", async () => {
  for (const text of ["naïve café", "Grüße", "señor año", "déjà vu, à côté de l’été"]) {
    const guesses = await likelyEncodings(iconv.encode(text, "windows-1252"), true);
    expect(guesses.filter((name) => !/^windows-125[024]$/.test(name))).toEqual([]);
  }
  expect(await likelyEncodings(iconv.encode("Привет, мир, как дела", "windows-1251"), true)).not.toContain(
    "windows-1252",
  );
  expect(await likelyEncodings(Buffer.from([0x81, 0x8d, 0x8f, 0x20, 0xff, 0xfe, 0x90]), true)).toEqual([]);
});
