/** A text as somebody would read it who undid an encoding, and where each of its characters stands in the encoded one. */
export interface DecodedText {
  readonly text: string;
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
}

const ESCAPES =
  /\\u\{[0-9a-f]{1,6}\}|\\u[0-9a-f]{4}|\\x[0-9a-f]{2}|\\[nrtbf"'/\\]|&#\d{1,7};|&#x[0-9a-f]{1,6};|&(?:amp|lt|gt|quot|apos);|%[0-9a-f]{2}/gi;
const HAS_ESCAPE = /\\|%[0-9a-f]|&[#a-z]/i;
const MEANINGS: Readonly<Record<string, string>> = {
  "\\n": "\n",
  "\\r": "\r",
  "\\t": "\t",
  "\\b": "\b",
  "\\f": "\f",
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&apos;": "'",
};
const GAPS = /\s+|\\{1,4}[nrt]/g;

/** Shorter runs hold no secret that is encoded more than once. */
const BASE64_RUN = /[A-Za-z0-9+/_-]{11,}/g;
const HEX_RUN = /[0-9A-Fa-f]{12,}/g;
const NUMBERS_RUN = /(?<!\d)\d{1,3}(?:,\d{1,3}){5,}/g;
const BASE64_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const BASE64_VALUES: readonly number[] = valuesOfBase64();
/** Stands between runs, so that the end of one and the beginning of the next are not read as one. */
const BETWEEN = 1;
/** More arguments at once are too many for a call. */
const CODES_PER_CALL = 8_192;

/** Undoes one layer of the escapes of JSON, HTML and addresses; gives nothing where there are none. Bytes become a character each. */
export function unescapeText(text: string): DecodedText | undefined {
  return HAS_ESCAPE.test(text) ? rewrite(text, ESCAPES, meaningOf) : undefined;
}

/** Leaves out white space and escaped line breaks; gives nothing where there are none. */
export function closeGaps(text: string): DecodedText | undefined {
  return rewrite(text, GAPS, () => "");
}

/** Reads long runs of base64, hex and numbers as the bytes that they may stand for, a character each, from each place where a group may begin. */
export function decodeRuns(text: string): readonly DecodedText[] {
  const base64 = [...text.matchAll(BASE64_RUN)];
  const hex = [...text.matchAll(HEX_RUN)];
  const numbers = [...text.matchAll(NUMBERS_RUN)];
  return [
    ...(base64.length === 0 ? [] : [0, 1, 2, 3].map((skip) => decodeBase64(base64, skip))),
    ...(hex.length === 0 ? [] : [0, 1].map((skip) => decodeHex(hex, skip))),
    ...(numbers.length === 0 ? [] : [decodeNumbers(numbers)]),
  ];
}

function decodeBase64(runs: readonly RegExpExecArray[], skip: number): DecodedText {
  const builder = new DecodedBuilder(lengthOf(runs));
  for (const { 0: run, index } of runs) {
    let bits = 0;
    let count = 0;
    for (let at = skip; at < run.length; at += 1) {
      bits = ((bits << 6) | (BASE64_VALUES[run.charCodeAt(at)] ?? 0)) & 0xffff;
      count += 6;
      if (count < 8) continue;
      count -= 8;
      builder.put((bits >> count) & 0xff, index + at - 1, index + at + 1);
    }
    builder.put(BETWEEN, index, index + run.length);
  }
  return builder.build();
}

function decodeHex(runs: readonly RegExpExecArray[], skip: number): DecodedText {
  const builder = new DecodedBuilder(lengthOf(runs));
  for (const { 0: run, index } of runs) {
    for (let at = skip; at + 1 < run.length; at += 2)
      builder.put(Number.parseInt(run.slice(at, at + 2), 16), index + at, index + at + 2);
    builder.put(BETWEEN, index, index + run.length);
  }
  return builder.build();
}

function decodeNumbers(runs: readonly RegExpExecArray[]): DecodedText {
  const builder = new DecodedBuilder(lengthOf(runs));
  for (const { 0: run, index } of runs) {
    let at = index;
    for (const number of run.split(",")) {
      builder.put(Number(number), at, at + number.length);
      at += number.length + ",".length;
    }
    builder.put(BETWEEN, index, index + run.length);
  }
  return builder.build();
}

function rewrite(
  text: string,
  pattern: RegExp,
  meaning: (written: string) => string,
): DecodedText | undefined {
  const matches = [...text.matchAll(pattern)];
  if (matches.length === 0) return undefined;
  const builder = new DecodedBuilder(text.length);
  let at = 0;
  for (const { 0: written, index } of matches) {
    builder.keep(text, at, index);
    at = index + written.length;
    const meant = meaning(written);
    for (let unit = 0; unit < meant.length; unit += 1) builder.put(meant.charCodeAt(unit), index, at);
  }
  builder.keep(text, at, text.length);
  return builder.build();
}

function meaningOf(written: string): string {
  const named = MEANINGS[written.toLowerCase()];
  if (named !== undefined) return named;
  if (written.startsWith("&#")) return characterOf(written.slice(2, -1).replace(/^x/i, "0x"), written);
  if (written.startsWith("%")) return characterOf(`0x${written.slice(1)}`, written);
  if (/^\\[ux]/i.test(written)) return characterOf(`0x${written.slice(2).replace(/[{}]/g, "")}`, written);
  return written.slice(1);
}

function characterOf(number: string, written: string): string {
  const code = Number(number);
  return code <= 0x10ffff ? String.fromCodePoint(code) : written;
}

function valuesOfBase64(): readonly number[] {
  const values = new Array<number>(128).fill(0);
  for (const [value, digit] of [...BASE64_DIGITS].entries()) values[digit.charCodeAt(0)] = value;
  values["-".charCodeAt(0)] = BASE64_DIGITS.indexOf("+");
  values["_".charCodeAt(0)] = BASE64_DIGITS.indexOf("/");
  return values;
}

class DecodedBuilder {
  readonly #codes: Uint16Array;
  readonly #starts: Uint32Array;
  readonly #ends: Uint32Array;
  #length = 0;

  constructor(lengthMax: number) {
    this.#codes = new Uint16Array(lengthMax);
    this.#starts = new Uint32Array(lengthMax);
    this.#ends = new Uint32Array(lengthMax);
  }

  put(code: number, start: number, end: number): void {
    this.#codes[this.#length] = code;
    this.#starts[this.#length] = start;
    this.#ends[this.#length] = end;
    this.#length += 1;
  }

  keep(text: string, start: number, end: number): void {
    for (let at = start; at < end; at += 1) this.put(text.charCodeAt(at), at, at + 1);
  }

  build(): DecodedText {
    const pieces: string[] = [];
    for (let at = 0; at < this.#length; at += CODES_PER_CALL) {
      const end = Math.min(at + CODES_PER_CALL, this.#length);
      pieces.push(String.fromCharCode(...this.#codes.subarray(at, end)));
    }
    return { text: pieces.join(""), starts: this.#starts, ends: this.#ends };
  }
}

/** No encoding here is shorter than what it stands for. */
function lengthOf(runs: readonly RegExpExecArray[]): number {
  return runs.reduce((length, { 0: run }) => length + run.length, 0);
}
