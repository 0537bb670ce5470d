/** Kinds of what is taken out; the placeholder names the kind. */
export type ValueKind = "secret" | "email" | "iban" | "card" | "ip" | "phone";

/** A value to be replaced, where it stands in a text, and the key under which equal values are one. */
export interface FoundValue {
  readonly kind: ValueKind;
  readonly start: number;
  readonly end: number;
  readonly key: string;
}

/** A placeholder as it stands in a redacted text. */
export const PLACEHOLDER = /\[(secret|email|iban|card|ip|phone)-(\d{1,9})\]/g;

/** Keeps of overlapping values the one whose kind weighs more, and of two of a kind the longer. */
export function withoutOverlaps(found: readonly FoundValue[]): readonly FoundValue[] {
  const kept: FoundValue[] = [];
  for (const value of [...found].sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = kept.at(-1);
    if (last === undefined || value.start >= last.end) kept.push(value);
    else if (weight(value) > weight(last)) kept.splice(-1, 1, covering(value, last));
    else if (value.end > last.end && value.kind === last.kind) kept.splice(-1, 1, covering(last, value));
  }
  return kept;
}

const ORDER: readonly ValueKind[] = ["phone", "ip", "card", "iban", "email", "secret"];

function weight({ kind }: FoundValue): number {
  return ORDER.indexOf(kind);
}

/** What remains of a value beside a secret could still give it away, so both are replaced as one. */
function covering(value: FoundValue, other: FoundValue): FoundValue {
  return { ...value, start: Math.min(value.start, other.start), end: Math.max(value.end, other.end) };
}
