import type { FoundValue } from "./found-value.ts";
import { NO_NAMES } from "./name-words.ts";

const VALUES_MAX = 500;
const SECRET_LENGTH_MIN = 8;
const LENGTH_MIN = 5;
const NAME_PART_MIN = 3;
const CUT_LENGTH_MIN = 8;
const WORD_CHARACTER = /[\p{L}\p{N}_]/u;

/** One way in which a value that was found somewhere may be written elsewhere. */
interface KnownForm {
  readonly written: string;
  readonly kind: FoundValue["kind"];
  readonly key: string;
  /** Inside a longer word it is something else. */
  readonly isWord: boolean;
}

/** A value that was found, and how it was written there. */
export interface WrittenValue extends FoundValue {
  readonly written: string;
}

/** The forms under which values that were found are looked for in all the texts: as written, a secret in Base64, a name by its parts. */
export function formsOf(values: readonly WrittenValue[]): readonly KnownForm[] {
  const forms = new Map<string, KnownForm>();
  for (const value of values) {
    if (forms.size >= VALUES_MAX) break;
    for (const form of formsOfOne(value)) if (!forms.has(form.written)) forms.set(form.written, form);
  }
  return [...forms.values()];
}

function formsOfOne({ kind, key, written }: WrittenValue): readonly KnownForm[] {
  if (kind === "secret") {
    if (key.length < SECRET_LENGTH_MIN) return [];
    const bytes = Buffer.from(key);
    return [key, written, bytes.toString("base64"), bytes.toString("base64url")].map((form) => ({
      written: form,
      kind,
      key,
      isWord: false,
    }));
  }
  if (kind !== "person") {
    return written.length < LENGTH_MIN ? [] : [{ written, kind, key, isWord: true }];
  }
  const parts = written
    .split(/\s+/)
    .filter((part) => part.length >= NAME_PART_MIN && /^\p{Lu}\p{Ll}/u.test(part));
  return [written, ...parts.filter((part) => !NO_NAMES.has(part.toLowerCase()))]
    .filter((form) => form.length >= NAME_PART_MIN)
    .map((form) => ({ written: form, kind, key, isWord: true }));
}

/** Finds where a text repeats a value that was found elsewhere, also where a limit has cut it off at the end. */
export function findKnown(text: string, forms: readonly KnownForm[]): readonly FoundValue[] {
  return forms.flatMap((form) => [...repeated(text, form), ...cutOff(text, form)]);
}

function repeated(text: string, { written, kind, key, isWord }: KnownForm): readonly FoundValue[] {
  const found: FoundValue[] = [];
  for (let at = text.indexOf(written); at !== -1; at = text.indexOf(written, at + written.length)) {
    const end = at + written.length;
    if (isWord && (isInWord(text, at) || isInWord(text, end))) continue;
    found.push({ kind, start: at, end, key });
  }
  return found;
}

function isInWord(text: string, at: number): boolean {
  return WORD_CHARACTER.test(text.charAt(at - 1)) && WORD_CHARACTER.test(text.charAt(at));
}

function cutOff(text: string, { written, kind, key }: KnownForm): readonly FoundValue[] {
  const last = text.charAt(text.length - 1);
  for (let length = Math.min(written.length - 1, text.length); length >= CUT_LENGTH_MIN; length -= 1) {
    if (written.charAt(length - 1) !== last || !text.endsWith(written.slice(0, length))) continue;
    return [{ kind, start: text.length - length, end: text.length, key }];
  }
  return [];
}
