const QUOTED = /"[^"\n]{1,200}"|“[^”\n]{1,200}”|`[^`\n]{1,200}`/g;
const PLACEHOLDER = /\[([a-z]+)-\d+\]/g;
const WORD = /[\p{L}\p{N}_-]+/gu;
const DIGIT = /\p{N}/u;
const BLANKS = /\s+/g;

/** Takes out of a text what differs from case to case: ids, numbers, quoted words, redacted values, capitals, blanks. */
export function maskedText(text: string): string {
  return text
    .toLowerCase()
    .replace(PLACEHOLDER, "[$1]")
    .replace(QUOTED, '"…"')
    .replace(WORD, (word) => (DIGIT.test(word) ? "#" : word))
    .replace(BLANKS, " ")
    .trim();
}
