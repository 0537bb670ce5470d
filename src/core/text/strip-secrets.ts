import { closeGaps, type DecodedText, decodeRuns, unescapeText } from "./decoded-text.ts";
import { FORM_LENGTH_MIN, FormIndex, type Stretch } from "./form-index.ts";
import { escapeHtml } from "./html.ts";

/** What stands where a secret stood. */
export const STRIPPED = "[secret]";

/** What is shorter may come about by chance where white space is left out between words. */
const GAPLESS_LENGTH_MIN = 16;
/** So many encodings in one another are undone. */
const ENCODINGS_DEPTH_MAX = 4;
/** Bytes that hold no such stretch hold nothing that is encoded once more. */
const WRITTEN = /[\s\x20-\x7e]{11}/;
/** A line of a PEM body is a secret of its own: a text may show the key line by line. */
const PEM_LINE_LENGTH_MIN = 32;
/** Where a secret begins inside a longer text decides how the whole is cut into groups of three bytes. */
const BASE64_OFFSETS = [0, 1, 2];
const BITS_PER_CHARACTER = 6;
/** Characters that some encoders of addresses leave and others encode. */
const SOMETIMES_ENCODED = /[!'()*~]/g;

/** Tokens that GitHub makes, of whatever installation or person they are, and private keys. */
const TELLTALE = [
  /\bgh[oprsu]_[A-Za-z0-9_.-]{16,}/g,
  /\bgithub_pat_[A-Za-z0-9_]{16,}/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----(?:(?!-----(?:BEGIN|END))[\s\S]){1,20000}-----END [A-Z ]*PRIVATE KEY-----/g,
];

/** Lists how a secret may be written: as it is, escaped for JSON, HTML and addresses, in base64 and in hex. */
export function secretForms(secret: string): readonly string[] {
  const forms = new Set(
    piecesOf(secret.toWellFormed()).flatMap((piece) => [...textForms(piece), ...byteForms(piece)]),
  );
  return [...forms].filter((form) => form.length >= FORM_LENGTH_MIN);
}

/** The forms of all secrets, ready to be looked for. */
export interface KnownForms {
  readonly asTheyAre: FormIndex;
  readonly withoutGaps: FormIndex;
}

/** Makes forms ready to be looked for, as they are and without the white space in them. */
export function indexForms(forms: readonly string[]): KnownForms {
  const gapless = forms.map((form) => closeGaps(form)?.text ?? form);
  return {
    asTheyAre: new FormIndex(forms),
    withoutGaps: new FormIndex(gapless.filter((form) => form.length >= GAPLESS_LENGTH_MIN)),
  };
}

/** Takes every one of these forms, and whatever looks like a token of GitHub or a private key, out of a text, also where it is broken over lines or encoded once more. */
export function stripForms(text: string, forms: KnownForms): string {
  const found = findForms(text, forms, ENCODINGS_DEPTH_MAX);
  if (found.length === 0) return text;
  const pieces: string[] = [];
  let end = 0;
  for (const stretch of [...found].sort((a, b) => a.start - b.start)) {
    if (stretch.start >= end) pieces.push(text.slice(end, stretch.start), STRIPPED);
    end = Math.max(end, stretch.end);
  }
  return [...pieces, text.slice(end)].join("");
}

function findForms(text: string, forms: KnownForms, depth: number): readonly Stretch[] {
  const plain = [...forms.asTheyAre.find(text), ...findTelltale(text)];
  const gapless = closeGaps(text);
  const inGapless = gapless === undefined ? [] : forms.withoutGaps.find(gapless.text);
  const here = [...plain, ...inSource(gapless, inGapless)];
  if (depth === 0) return here;
  const unescaped = unescapeText(text);
  const inUnescaped = unescaped === undefined ? [] : findForms(unescaped.text, forms, depth - 1);
  const inRuns = decodeRuns(gapless?.text ?? text).flatMap((decoded) =>
    inSource(
      decoded,
      WRITTEN.test(decoded.text)
        ? findForms(decoded.text, forms, depth - 1)
        : forms.asTheyAre.find(decoded.text),
    ),
  );
  return [...here, ...inSource(unescaped, inUnescaped), ...inSource(gapless, inRuns)];
}

function findTelltale(text: string): readonly Stretch[] {
  return TELLTALE.flatMap((pattern) =>
    [...text.matchAll(pattern)].map((match) => ({ start: match.index, end: match.index + match[0].length })),
  );
}

/** Says where stretches of a decoded text stand in the one that was decoded. */
function inSource(decoded: DecodedText | undefined, found: readonly Stretch[]): readonly Stretch[] {
  if (decoded === undefined) return found;
  return found.map(({ start, end }) => ({
    start: decoded.starts[start] ?? 0,
    end: decoded.ends[end - 1] ?? 0,
  }));
}

/** Strips every text and number inside a JSON value, its keys included; the rest stays as it is. */
export function stripJson(value: unknown, strip: (text: string) => string): unknown {
  if (typeof value === "string") return strip(value);
  if (typeof value === "number") return strip(String(value)) === String(value) ? value : STRIPPED;
  if (isNumbers(value) && strip(value.join()) !== value.join()) return STRIPPED;
  if (Array.isArray(value)) return value.map((item) => stripJson(item, strip));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [strip(key), stripJson(member, strip)]),
  );
}

/** Bytes are written in JSON as a list of numbers, which give a secret away together. */
function isNumbers(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((item) => typeof item === "number");
}

/** A key in PEM form is known by each of its lines, and by its body in one line. */
function piecesOf(secret: string): readonly string[] {
  if (!secret.includes("-----BEGIN")) return [secret];
  const body = secret.split(/\r?\n/).filter((line) => line !== "" && !line.startsWith("-----"));
  return [secret, body.join(""), ...body.filter((line) => line.length >= PEM_LINE_LENGTH_MIN)];
}

function textForms(text: string): readonly string[] {
  const inJson = escapeJson(text);
  const component = encodeURIComponent(text);
  const strict = component.replaceAll(SOMETIMES_ENCODED, percentEncoded);
  const inForm = new URLSearchParams({ s: text }).toString().slice("s=".length);
  const inAddress = [component, strict, inForm];
  return [
    text,
    inJson,
    escapeJson(inJson),
    escapeHtml(text),
    ...inAddress,
    ...inAddress.map(lowerCasePercent),
  ];
}

function byteForms(text: string): readonly string[] {
  const bytes = new TextEncoder().encode(text);
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const whole = btoa(charactersOf(bytes));
  const base64 = [
    whole,
    whole.replace(/=+$/, ""),
    ...BASE64_OFFSETS.map((offset) => base64Within(bytes, offset)),
  ];
  return [charactersOf(bytes), ...wideForms(text), hex, ...base64, ...base64.map(forAddresses)];
}

/** The bytes of a text where each character has two, the low or the high one first. */
function wideForms(text: string): readonly string[] {
  const units = Array.from({ length: text.length }, (_unit, at) => text.charCodeAt(at));
  const pair = (first: number, second: number): string => String.fromCharCode(first, second);
  return [
    units.map((unit) => pair(unit & 0xff, unit >> 8)).join(""),
    units.map((unit) => pair(unit >> 8, unit & 0xff)).join(""),
  ];
}

/** The characters of a longer base64 text that these bytes alone decide, when so many bytes of a group go before them. */
function base64Within(bytes: Uint8Array, offset: number): string {
  const padded = new Uint8Array(offset + bytes.length);
  padded.set(bytes, offset);
  const first = Math.ceil((offset * 8) / BITS_PER_CHARACTER);
  const end = Math.floor((padded.length * 8) / BITS_PER_CHARACTER);
  return btoa(charactersOf(padded)).slice(first, end);
}

/** One character for each byte, as `btoa` takes them. */
function charactersOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
}

function forAddresses(base64: string): string {
  return base64.replaceAll("+", "-").replaceAll("/", "_");
}

function escapeJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function percentEncoded(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

function lowerCasePercent(text: string): string {
  return text.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());
}
