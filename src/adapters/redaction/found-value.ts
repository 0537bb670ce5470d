/** Kinds of what is taken out, the ones that weigh less first; the placeholder names the kind. */
const KINDS = [
  "person",
  "address",
  "birthdate",
  "phone",
  "id",
  "ip",
  "mac",
  "card",
  "iban",
  "email",
  "secret",
] as const;
export type ValueKind = (typeof KINDS)[number];

/** A value to be replaced, where it stands in a text, and the key under which equal values are one. */
export interface FoundValue {
  readonly kind: ValueKind;
  readonly start: number;
  readonly end: number;
  readonly key: string;
}

/** A stretch of a text. */
export type Stretch = Pick<FoundValue, "start" | "end">;

/** A placeholder as it stands in a redacted text. */
export const PLACEHOLDER = new RegExp(String.raw`\[(${KINDS.join("|")})-(\d{1,9})\]`, "g");

/** Makes one value of those that overlap: it covers all of them, and is of the kind that weighs most. */
export function withoutOverlaps(found: readonly FoundValue[]): readonly FoundValue[] {
  const kept: FoundValue[] = [];
  for (const value of [...found].sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = kept.at(-1);
    if (last === undefined || value.start >= last.end) kept.push(value);
    else kept.splice(-1, 1, covering(last, value));
  }
  return kept;
}

/** What remained of a value beside another could still give it away. */
function covering(first: FoundValue, second: FoundValue): FoundValue {
  const named = weight(second) > weight(first) ? second : first;
  return { ...named, end: Math.max(first.end, second.end) };
}

/** Says which of two values names both where they overlap: the higher figure. */
export function weight({ kind }: Pick<FoundValue, "kind">): number {
  return KINDS.indexOf(kind);
}

/** Makes a value of one group of a match; the group is looked for from the end of the match. */
export function groupOf(
  match: RegExpExecArray,
  kind: ValueKind,
  written: string,
  key: string = written,
): FoundValue {
  const start = match.index + match[0].lastIndexOf(written);
  return { kind, start, end: start + written.length, key };
}
