import { FIELD_ALIASES, OTHER_LABELS } from "./label-aliases.ts";
import { FIELDS, type FieldId } from "./postmortem.ts";

const LABEL_LENGTH_MAX = 160;

/** What a heading says: a field of the form, or a usual section that holds none of them. */
export type Label =
  | { readonly kind: "field"; readonly field: FieldId; readonly canonical: boolean; readonly text: string }
  | { readonly kind: "other"; readonly text: string };

/** Labels that name whoever is meant, such as "What Claude Actually Did". */
const PATTERNS: readonly { readonly field: FieldId; readonly pattern: RegExp }[] = [
  { field: "observed", pattern: /^what (the )?[\p{L}\p{N} ]{1,40} actually (did|said|answered)$/u },
  { field: "observed", pattern: /^what did (the )?[\p{L}\p{N} ]{1,40} (do|say|answer)$/u },
  { field: "user_input", pattern: /^what (you|i|we|they|the user) asked [\p{L}\p{N} ]{1,40} to do$/u },
  { field: "expected", pattern: /^what should (the )?[\p{L}\p{N} ]{1,40} have (done|said|answered)$/u },
];

const CANONICAL: ReadonlyMap<string, FieldId> = new Map(
  FIELDS.map((field) => [normaliseLabel(field.label), field.id]),
);
const ALIASES: ReadonlyMap<string, FieldId> = new Map(
  FIELDS.flatMap(({ id }) => FIELD_ALIASES[id].map((alias) => [normaliseLabel(alias), id] as const)),
);
const OTHERS: ReadonlySet<string> = new Set(OTHER_LABELS.map(normaliseLabel));

/** Reads a heading or key as a label of the form, in its own words or in those of other templates and languages. */
export function readLabel(written: string): Label | undefined {
  if (written.length > LABEL_LENGTH_MAX) return undefined;
  const text = normaliseLabel(written);
  if (text === "") return undefined;
  const canonical = CANONICAL.get(text);
  if (canonical !== undefined) return { kind: "field", field: canonical, canonical: true, text };
  const field = ALIASES.get(text) ?? PATTERNS.find(({ pattern }) => pattern.test(text))?.field;
  if (field !== undefined) return { kind: "field", field, canonical: false, text };
  return OTHERS.has(text) ? { kind: "other", text } : undefined;
}

/** Brings a label to the form in which labels are compared: no markup, hint, number, emoji, end mark or case. */
function normaliseLabel(written: string): string {
  return written
    .normalize("NFKC")
    .replace(/\[([^\][]{0,100})\]\([^()]{0,200}\)/g, "$1")
    .replace(/\*\*|__|`/g, "")
    .replace(/[\u2018\u2019\u02bc]/g, "'")
    .replace(/[_\s]+/g, " ")
    .replace(/\([^()]{0,120}\)/g, " ")
    .replace(/^[^\p{L}\p{N}]+/u, "")
    .replace(/^\d{1,2}[.)]\s*/, "")
    .replace(/[^\p{L}\p{N}\p{M}]+$/u, "")
    .replace(/\s+/g, " ")
    .toLowerCase();
}
