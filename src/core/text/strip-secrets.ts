import { escapeHtml } from "./html.ts";

/** What stands where a secret stood. */
export const STRIPPED = "[secret]";

/** Shorter secrets, and shorter parts of encoded ones, are too likely to be parts of ordinary words. */
const FORM_LENGTH_MIN = 6;
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
  /-----BEGIN [A-Z ]*PRIVATE KEY-----(?:(?!-----END)[\s\S]){1,20000}-----END [A-Z ]*PRIVATE KEY-----/g,
];

/** Lists how a secret may be written: as it is, escaped for JSON, HTML and addresses, in base64 and in hex. */
export function secretForms(secret: string): readonly string[] {
  const forms = new Set(
    piecesOf(secret.toWellFormed()).flatMap((piece) => [...textForms(piece), ...byteForms(piece)]),
  );
  return [...forms].filter((form) => form.length >= FORM_LENGTH_MIN);
}

/** Takes every one of these forms, and whatever looks like a token of GitHub or a private key, out of a text. */
export function stripForms(text: string, longestFirst: readonly string[]): string {
  let rest = text;
  for (const form of longestFirst) if (rest.includes(form)) rest = rest.replaceAll(form, STRIPPED);
  return TELLTALE.reduce((left, pattern) => left.replace(pattern, STRIPPED), rest);
}

/** Puts forms in the order that `stripForms` needs: a part that is replaced before the whole would leave the rest of it standing. */
export function longestFirst(forms: Iterable<string>): readonly string[] {
  return [...new Set(forms)].sort((a, b) => b.length - a.length);
}

/** Strips every text and number inside a JSON value, its keys included; the rest stays as it is. */
export function stripJson(value: unknown, strip: (text: string) => string): unknown {
  if (typeof value === "string") return strip(value);
  if (typeof value === "number") return strip(String(value)) === String(value) ? value : STRIPPED;
  if (Array.isArray(value)) return value.map((item) => stripJson(item, strip));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [strip(key), stripJson(member, strip)]),
  );
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
  return [hex, hex.toUpperCase(), ...base64, ...base64.map(forAddresses)];
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
