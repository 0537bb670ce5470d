import type { AllowedValue } from "../../core/config/config.ts";
import { stripHiddenCharacters } from "../../core/text/hidden-characters.ts";
import { ExternalFailure } from "../../ports/external-failure.ts";
import type { Redacted, Redactor } from "../../ports/redactor.ts";
import { makeAllowance } from "./allowed-values.ts";
import { findValues } from "./find-values.ts";
import {
  type FoundValue,
  PLACEHOLDER,
  type Stretch,
  type ValueKind,
  withoutOverlaps,
} from "./found-value.ts";
import { findKnown, formsOf, type WrittenValue } from "./known-values.ts";
import { Placeholders } from "./placeholders.ts";

/** Over all texts of a call; a body has at most 65,536 characters, and what is read out of it repeats it. */
const CHARACTERS_MAX = 1_500_000;
/** A replacement can bring two halves together; a text that still changes after so many rounds is our bug. */
const ROUNDS_MAX = 8;

/** A part of a redacted text: what was kept, or the placeholder of a value, and where either stood before. */
export interface Piece extends Stretch {
  readonly text: string;
  readonly kind: ValueKind | undefined;
}

/** Makes a redactor on maintained rules for secrets and on checked patterns for personal data; it keeps nothing between calls. */
export function makeSecretlintRedactor(): Redactor {
  return {
    async redact(texts, allowed = []) {
      const pieces = await redactToPieces(texts, allowed);
      return { texts: pieces.map(textOf), counts: countsOf(pieces.flat()) };
    },
  };
}

/** Redacts texts into their parts, so that one can see what was replaced where; places are those of the text without hidden characters. */
export async function redactToPieces(
  texts: readonly string[],
  allowed: readonly AllowedValue[] = [],
): Promise<readonly (readonly Piece[])[]> {
  refuseTooMuch(texts);
  const visible = texts.map(stripHiddenCharacters);
  const names = new Placeholders(visible);
  const isAllowed = makeAllowance(allowed);
  let known: readonly WrittenValue[] = [];
  let current: readonly (readonly Piece[])[] = visible.map((text) => [
    { text, kind: undefined, start: 0, end: text.length },
  ]);
  let changed = current.map(() => true);
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const whole = current.map(textOf);
    const found = await findInChanged(whole, changed);
    const usable = found.map((values, index) => {
      const text = whole[index] ?? "";
      return values.filter((value) => !isAllowed(value.kind, text.slice(value.start, value.end)));
    });
    known = known.concat(
      usable.flatMap((values, index) => values.map((value) => written(value, whole[index] ?? ""))),
    );
    const forms = formsOf(known);
    const next = current.map((pieces, index) => {
      const text = whole[index] ?? "";
      const values = [...(usable[index] ?? []), ...findKnown(text, forms)];
      return replace(pieces, withoutOverlaps(outsidePlaceholders(text, values)), names);
    });
    changed = next.map((pieces, index) => pieces !== current[index]);
    if (!changed.includes(true)) return current;
    current = next;
  }
  throw new Error(`redaction did not come to rest in ${ROUNDS_MAX} rounds`);
}

function refuseTooMuch(texts: readonly string[]): void {
  const characters = texts.reduce((sum, text) => sum + text.length, 0);
  if (characters <= CHARACTERS_MAX) return;
  throw new ExternalFailure(
    `The incident has ${characters} characters with its attachments, and at most ${CHARACTERS_MAX} are looked through for secrets and personal data. Nothing was passed on; shorten it.`,
    { system: "redaction", retryable: false },
  );
}

/** What did not change holds nothing new. */
async function findInChanged(
  texts: readonly string[],
  changed: readonly boolean[],
): Promise<readonly (readonly FoundValue[])[]> {
  const found = await findValues(texts.filter((_, index) => changed[index]));
  let next = 0;
  return changed.map((isChanged) => (isChanged ? (found[next++] ?? []) : []));
}

function written(value: FoundValue, text: string): WrittenValue {
  return { ...value, written: text.slice(value.start, value.end) };
}

function outsidePlaceholders(text: string, found: readonly FoundValue[]): readonly FoundValue[] {
  const taken = [...text.matchAll(PLACEHOLDER)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
  }));
  if (taken.length === 0) return found;
  const sorted = [...found].sort((a, b) => a.start - b.start);
  let first = 0;
  return sorted.filter((value) => {
    while (first < taken.length && (taken[first]?.end ?? 0) <= value.start) first += 1;
    return (taken[first]?.start ?? Number.POSITIVE_INFINITY) >= value.end;
  });
}

function replace(
  pieces: readonly Piece[],
  found: readonly FoundValue[],
  names: Placeholders,
): readonly Piece[] {
  if (found.length === 0) return pieces;
  const result: Piece[] = [];
  let next = 0;
  let at = 0;
  for (const piece of pieces) {
    const from = at;
    at += piece.text.length;
    let kept = 0;
    for (; (found[next]?.start ?? Number.POSITIVE_INFINITY) < at; next += 1) {
      const value = found[next];
      if (value === undefined) break;
      const [start, end] = [value.start - from, value.end - from];
      if (start > kept) result.push(part(piece, kept, start));
      result.push({
        text: names.name(value),
        kind: value.kind,
        start: piece.start + start,
        end: piece.start + end,
      });
      kept = end;
    }
    if (kept < piece.text.length) result.push(kept === 0 ? piece : part(piece, kept, piece.text.length));
  }
  return result;
}

function part(piece: Piece, start: number, end: number): Piece {
  return {
    text: piece.text.slice(start, end),
    kind: undefined,
    start: piece.start + start,
    end: piece.start + end,
  };
}

function textOf(pieces: readonly Piece[]): string {
  return pieces.map(({ text }) => text).join("");
}

function countsOf(pieces: readonly Piece[]): Redacted["counts"] {
  const counts: Record<string, number> = {};
  for (const { kind } of pieces) if (kind !== undefined) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}
