/** One word is no reason: whoever reads the record must be able to tell why. */
export const REASON_WORDS_MIN = 3;

// Languages without spaces have words too.
const WORDS = new Intl.Segmenter("en", { granularity: "word" });

/** Tells whether a text gives a reason: it has some words, and not all of them are the same. */
export function isReason(text: string): boolean {
  const words = [...WORDS.segment(text)].filter(({ isWordLike }) => isWordLike);
  const different = new Set(words.map(({ segment }) => segment.toLowerCase()));
  return words.length >= REASON_WORDS_MIN && different.size > 1;
}
