// A joiner means something after an emoji or a letter of a joining script; everywhere else it only hides.
const HIDDEN =
  /(?<!\ufe0f)(?<![\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Script=Arabic}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Malayalam}\p{Script=Sinhala}])(?:\u200c|\u200d)|(?!\u200c|\u200d|\ufe0f)\p{Default_Ignorable_Code_Point}|[\ufff9-\ufffb]|(?![\t\n])\p{Cc}/gu;

/** Takes out what no reader sees: zero-width, bidi, tag and control characters; tabs and line feeds stay. */
export function stripHiddenCharacters(text: string): string {
  return text.toWellFormed().replace(HIDDEN, "");
}

/** Makes every line end a line feed. */
export function normaliseLineEnds(text: string): string {
  return text.replace(/\r\n?|[\u0085\u2028\u2029]/g, "\n");
}
