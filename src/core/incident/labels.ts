import { FIELD_ALIASES, OTHER_LABELS } from "./label-aliases.ts";
import { PERSONS } from "./person-words.ts";
import { FIELDS, type FieldId } from "./postmortem.ts";

const LABEL_LENGTH_MAX = 160;

/** What a heading says: a field of the form, or a usual section that holds none of them. */
export type Label =
  | { readonly kind: "field"; readonly field: FieldId; readonly canonical: boolean; readonly text: string }
  | { readonly kind: "other"; readonly text: string };

const WHO = String.raw`(?:the |our |a |an )?[\p{L}\p{N} ]{1,40}?`;
const SOMEBODY = `(?:the |our |a |an |your )?(?:${PERSONS}|you|i|we)`;
/** Anybody or anything but a person: what a person did is no failure of an agent. */
const ACTOR = `(?!${SOMEBODY} )${WHO}`;
const BOT = "(?:it|(?:the |our )?(?:ai |chat)?(?:agent|assistant|bot|model|chatbot|system|ai))";
const ASKED = "(?:asked|said|wrote|sent|typed|requested|wanted)";
const SAID = "(?:said|answered|replied|responded|wrote|returned|told (?:the )?[\\p{L}]{1,20})";

/** Labels that name whoever is meant, such as "What Claude Actually Did". */
const PATTERNS: readonly { readonly field: FieldId; readonly pattern: RegExp }[] = [
  {
    field: "expected",
    pattern: labelled(
      `what ${WHO} (?:should(?: have)?|was (?:supposed|expected) to(?: have)?|ought to(?: have)?) (?:do|done|say|said|answer|answered|reply|replied|happen|happened)(?: instead)?`,
    ),
  },
  {
    field: "expected",
    pattern: labelled(
      `what should ${WHO} (?:have )?(?:do|done|say|said|answer|answered|happened)(?: instead)?`,
    ),
  },
  {
    field: "expected",
    pattern: labelled("what (?:we|i) (?:would have |had |have )?(?:expect(?:ed)?|wanted)(?: instead)?"),
  },
  {
    field: "user_input",
    pattern: labelled(
      `(?:the )?(?:${PERSONS})(?:'s|s')? (?:message|request|question|prompt|input|words|query)`,
    ),
  },
  { field: "observed", pattern: labelled(`what ${WHO} actually (?:did|${SAID})`) },
  {
    field: "user_input",
    pattern: labelled(`what did ${SOMEBODY} (?:ask|say|write|send|type|want)(?: for| it)?`),
  },
  { field: "user_input", pattern: labelled(`what ${SOMEBODY} (?:had |first )?${ASKED}(?: for| it)?`) },
  {
    field: "observed",
    pattern: labelled(`what did ${ACTOR} (?:do|say|answer|reply|respond|return)(?: instead)?`),
  },
  { field: "user_input", pattern: labelled(`what ${SOMEBODY} asked [\\p{L}\\p{N} ]{1,40} to do`) },
  { field: "observed", pattern: labelled(`what ${BOT} (?:did|${SAID})(?: instead)?`) },
  { field: "observed", pattern: labelled(`what ${ACTOR} (?:did|answered|replied|responded)(?: instead)?`) },
];

function labelled(pattern: string): RegExp {
  return new RegExp(`^${pattern}$`, "u");
}

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
  const field = fieldOf(text) ?? fieldOfParts(text);
  if (field !== undefined) return { kind: "field", field, canonical: false, text };
  return OTHERS.has(text) ? { kind: "other", text } : undefined;
}

function fieldOf(text: string): FieldId | undefined {
  return ALIASES.get(text) ?? PATTERNS.find(({ pattern }) => pattern.test(text))?.field;
}

/** "Prompt / conversation" and "Steps & logs" are what their first part is. */
function fieldOfParts(text: string): FieldId | undefined {
  const [first = "", ...others] = text.split(/\s*[/&|+]\s*/);
  return others.length === 0 ? undefined : (CANONICAL.get(first) ?? fieldOf(first));
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
