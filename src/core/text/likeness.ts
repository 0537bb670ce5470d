const WORD = /[\p{L}\p{N}_]+/gu;
const TRIGRAM = 3;

/** Says how alike two texts are, from 0 to 1: shared words and shared runs of three letters count the same. */
export function textLikeness(a: string, b: string): number {
  return (setLikeness(wordsOf(a), wordsOf(b)) + setLikeness(trigramsOf(a), trigramsOf(b))) / 2;
}

/** Says how much two sets share, from 0 to 1; two empty sets are alike. */
export function setLikeness(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let shared = 0;
  for (const member of a) if (b.has(member)) shared += 1;
  const all = a.size + b.size - shared;
  return all === 0 ? 1 : shared / all;
}

function wordsOf(text: string): ReadonlySet<string> {
  return new Set(text.match(WORD) ?? []);
}

function trigramsOf(text: string): ReadonlySet<string> {
  const count = Math.max(1, text.length - TRIGRAM + 1);
  return new Set(Array.from({ length: count }, (_, start) => text.slice(start, start + TRIGRAM)));
}
