const TEXT_LENGTH_MAX = 4_000;
const UNKNOWN_LENGTH_MAX = 60;
const NEGATED = /(?:\bnot|\bno|\bnor|n't|\bnever|\bwithout|\brather than)\s+(?:an?\s+|the\s+|any\s+)?$/;

/** What a text says in the words of a table, and the short items that say nothing we know. */
export interface ReadWords<T> {
  readonly found: readonly T[];
  readonly unknown: readonly string[];
}

/** Reads a table's words out of a text, longest first, each place once, in the order of the text; denied words do not count. */
export type WordReader<T> = (text: string) => ReadWords<T>;

/** Makes a reader of a table; `_`, `-` and spaces are the same in words. */
export function wordReader<T>(words: Readonly<Record<string, T>>): WordReader<T> {
  const entries = Object.entries(words)
    .map(([word, meaning]) => ({ word: fold(word), meaning }))
    .sort((a, b) => b.word.length - a.word.length);
  return (text) => readWith(entries, text);
}

interface Entry<T> {
  readonly word: string;
  readonly meaning: T;
}

interface Place<T> {
  readonly start: number;
  readonly end: number;
  readonly meaning: T;
  readonly denied: boolean;
}

function readWith<T>(entries: readonly Entry<T>[], written: string): ReadWords<T> {
  const text = fold(written.slice(0, TEXT_LENGTH_MAX));
  const places: Place<T>[] = [];
  for (const { word, meaning } of entries) {
    for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + word.length)) {
      const end = at + word.length;
      if (!isWhole(text, at, end) || places.some((place) => at < place.end && end > place.start)) continue;
      places.push({ start: at, end, meaning, denied: NEGATED.test(text.slice(Math.max(0, at - 30), at)) });
    }
  }
  places.sort((a, b) => a.start - b.start);
  const found = places.filter(({ denied }) => !denied).map(({ meaning }) => meaning);
  return { found, unknown: unknownItems(text, places) };
}

function isWhole(text: string, start: number, end: number): boolean {
  const letter = /[a-z0-9à-ÿ]/;
  const isWord = letter.test(text[start] ?? "");
  return !isWord || (!letter.test(text[start - 1] ?? " ") && !letter.test(text[end] ?? " "));
}

function unknownItems<T>(text: string, places: readonly Place<T>[]): readonly string[] {
  const items: string[] = [];
  let start = 0;
  for (const part of text.split(/([,;\n])/)) {
    const end = start + part.length;
    const item = part.replace(/^[\s*+\d.)•-]+/, "").trim();
    const isKnown = places.some((place) => place.start < end && place.end > start);
    if (
      !isKnown &&
      item.length > 1 &&
      item.length <= UNKNOWN_LENGTH_MAX &&
      !/^(?:\[[ x]?\]|choose)$/.test(item.replace(/[\s-]+$/, ""))
    )
      items.push(item);
    start = end;
  }
  return items;
}

function fold(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[_\s-]/g, (space) => (space === "\n" ? space : " "));
}
