/** A text as a reader or a program would understand it, and where each of its characters stands in the text that it was made from. */
export interface TextView {
  readonly text: string;
  readonly starts: readonly number[] | Uint32Array;
  readonly ends: readonly number[] | Uint32Array;
}

const ESCAPES_DEPTH_MAX = 4;
const ASCII_ONLY = /^[\t\n\r\x20-\x7e]*$/;
const SIMPLE_ESCAPES = /\\[nrt"'/\\]/g;
const ALL_ESCAPES =
  /\\u\{[0-9a-f]{1,6}\}|\\u[0-9a-f]{4}|\\x[0-9a-f]{2}|\\[nrt"'/\\]|&#\d{1,7};|&#x[0-9a-f]{1,6};|&[a-z]{2,8};|(?:%[89a-f][0-9a-f]){1,4}|%[2-7][0-9a-f]/gi;
const SIMPLE_MEANINGS: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t" };
const ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  apos: "'",
  colon: ":",
  commat: "@",
  equals: "=",
  gt: ">",
  hyphen: "-",
  lowbar: "_",
  lt: "<",
  nbsp: " ",
  newline: "\n",
  period: ".",
  plus: "+",
  quot: '"',
  sol: "/",
};
const HYPHENS = /[‐‑‒–−]/;
const APOSTROPHES = /[‘’ʼ]/;
// The digits of other scripts come in rows of ten that begin at the zero.
const DIGIT_ZEROS = [0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xe50, 0xed0];

/** Sees a text in plain characters: compatibility forms, digits of every script and simple escapes as what they stand for. */
export function readPlainly(text: string): TextView {
  return replaceEscapes(foldCharacters(text), SIMPLE_ESCAPES);
}

/** Sees a text with all its escapes undone, also those of JSON, HTML and addresses in one another. */
export function readUnescaped(view: TextView): TextView {
  let current = view;
  for (let depth = 0; depth < ESCAPES_DEPTH_MAX; depth += 1) {
    const next = replaceEscapes(current, ALL_ESCAPES);
    if (next.text === current.text) return current;
    current = next;
  }
  return current;
}

// A line that is one word which looks like nothing that is spoken, behind marks of a quote or a table.
const LINE_BREAK = /(?<=[A-Za-z0-9+/_=-]{4})[ \t]*\n[ \t>|]*(?=[A-Za-z0-9+/_=.-]{4,200}[ \t|]*(?:\n|$))/g;
const ADDRESS_BREAK = /(?<=[\w-][@.])[ \t]*\n[ \t>|]*(?=[\w-]{1,63}[@.]?[\w-])/g;
const RANDOM_WORD = /\d|[a-z][A-Z]|[A-Z]{2}[a-z]|=/;

/** Sees a text with what was broken over lines in one piece: a line that holds nothing but a piece of a key goes on the line before. */
export function readJoined(view: TextView): TextView {
  const { text } = view;
  const breaks = [...text.matchAll(LINE_BREAK), ...text.matchAll(ADDRESS_BREAK)]
    .filter((match) => {
      const next = /^[^\s|]*/.exec(text.slice(match.index + match[0].length, match.index + 260))?.[0] ?? "";
      return RANDOM_WORD.test(next) || /[@.]$/.test(text.slice(0, match.index).slice(-2));
    })
    .sort((a, b) => a.index - b.index);
  if (breaks.length === 0) return view;
  const builder = new ViewBuilder(view);
  let at = 0;
  for (const match of breaks) {
    if (match.index < at) continue;
    builder.keep(at, match.index);
    at = match.index + match[0].length;
  }
  builder.keep(at, text.length);
  return builder.build();
}

/** Says where a stretch of a view stands in the text that the view was made from. */
export function placeInSource(
  view: TextView,
  { start, end }: { readonly start: number; readonly end: number },
): { readonly start: number; readonly end: number } {
  return { start: view.starts[start] ?? 0, end: view.ends[end - 1] ?? 0 };
}

function foldCharacters(text: string): TextView {
  const same = identity(text);
  if (ASCII_ONLY.test(text)) return same;
  const builder = new ViewBuilder(same);
  let at = 0;
  for (const character of text) {
    builder.put(plainCharacter(character), at, at + character.length);
    at += character.length;
  }
  return builder.build();
}

function plainCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x80) return character;
  if (HYPHENS.test(character)) return "-";
  if (APOSTROPHES.test(character)) return "'";
  const zero = DIGIT_ZEROS.find((first) => code >= first && code < first + 10);
  return zero === undefined ? character.normalize("NFKC") : String(code - zero);
}

function replaceEscapes(view: TextView, escapes: RegExp): TextView {
  const { text } = view;
  const matches = [...text.matchAll(escapes)];
  if (matches.length === 0) return view;
  const builder = new ViewBuilder(view);
  let at = 0;
  for (const match of matches) {
    builder.keep(at, match.index);
    at = match.index + match[0].length;
    builder.put(meaningOf(match[0]), match.index, at);
  }
  builder.keep(at, text.length);
  return builder.build();
}

function meaningOf(written: string): string {
  if (written.startsWith("%")) return Buffer.from(written.replaceAll("%", ""), "hex").toString("utf8");
  if (written.startsWith("&#"))
    return (
      characterOf(/^&#x/i.test(written) ? written.slice(3, -1) : Number(written.slice(2, -1)).toString(16)) ??
      written
    );
  if (written.startsWith("&")) return ENTITIES[written.slice(1, -1).toLowerCase()] ?? written;
  if (/^\\[ux]/i.test(written)) return characterOf(written.slice(2).replace(/[{}]/g, "")) ?? written;
  const letter = written.slice(1);
  return SIMPLE_MEANINGS[letter] ?? letter;
}

function characterOf(hex: string): string | undefined {
  const code = Number.parseInt(hex, 16);
  return code > 0 && code <= 0x10ffff ? plainCharacter(String.fromCodePoint(code)) : undefined;
}

function identity(text: string): TextView {
  const starts = new Uint32Array(text.length);
  const ends = new Uint32Array(text.length);
  for (let at = 0; at < text.length; at += 1) {
    starts[at] = at;
    ends[at] = at + 1;
  }
  return { text, starts, ends };
}

/** Builds a view upon another one, piece by piece. */
class ViewBuilder {
  readonly #from: TextView;
  readonly #pieces: string[] = [];
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];

  constructor(from: TextView) {
    this.#from = from;
  }

  keep(start: number, end: number): void {
    this.#pieces.push(this.#from.text.slice(start, end));
    for (let at = start; at < end; at += 1) {
      this.#starts.push(this.#from.starts[at] ?? 0);
      this.#ends.push(this.#from.ends[at] ?? 0);
    }
  }

  /** Puts other characters in the place of a stretch; each of them stands for all of it. */
  put(characters: string, start: number, end: number): void {
    this.#pieces.push(characters);
    for (let index = 0; index < characters.length; index += 1) {
      this.#starts.push(this.#from.starts[start] ?? 0);
      this.#ends.push(this.#from.ends[end - 1] ?? 0);
    }
  }

  build(): TextView {
    return { text: this.#pieces.join(""), starts: this.#starts, ends: this.#ends };
  }
}
