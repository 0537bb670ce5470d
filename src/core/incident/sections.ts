import type { Problem } from "../problem.ts";
import { normaliseLineEnds, stripHiddenCharacters } from "../text/hidden-characters.ts";
import { cleanFieldText } from "./field-text.ts";
import { type Heading, outlineOf } from "./headings.ts";
import { takeKeysInside } from "./keys-inside.ts";
import { type Label, readLabel } from "./labels.ts";
import { findLooseFields, type LooseField } from "./loose-fields.ts";
import type { FieldId, FieldText } from "./postmortem.ts";
import { FIELDS } from "./postmortem.ts";
import { spanText, type TextSpan } from "./text-span.ts";

/** GitHub keeps no longer body; a longer one came by another way. */
export const BODY_LENGTH_MAX = 65_536;
const HEADINGS_MAX = 2_000;
/** A body with so many of the form's own headings was printed by the form. */
const FORM_LABELS_MIN = 6;
const FORM_DEPTH = 3;

/** An issue body taken apart. Offsets refer to `body`, which is the normalised body. */
export interface Sections {
  readonly body: string;
  readonly fields: Readonly<Partial<Record<FieldId, FieldText>>>;
  /** Text that belongs to no known field. */
  readonly rest: string;
  readonly problems: readonly Problem[];
}

/** Fields that hold what somebody pasted: an unknown heading in them may be part of it. */
const PASTED_FIELDS: ReadonlySet<FieldId> = new Set([
  "user_input",
  "observed",
  "context",
  "trace",
  "tools_called",
]);

/**
 * Takes an issue body apart: by headings at document level whose label is known, then by keys in bold, `Key: value`
 * lines, tables, front matter and data blocks; prose without any of them is what happened.
 */
export function splitSections(written: string): Sections {
  const whole = stripHiddenCharacters(normaliseLineEnds(written));
  const body = whole.slice(0, BODY_LENGTH_MAX).toWellFormed();
  const problems = whole.length > BODY_LENGTH_MAX ? [tooLong(whole.length)] : [];

  const outline = outlineOf(body, (text) => readLabel(text)?.kind === "field");
  const split = splitByHeadings(body, outline.headings.slice(0, HEADINGS_MAX));
  const loose = findLooseFields(body, split.rest, new Set(split.fields.keys()));
  const known = new Map<FieldId, LooseField>([...split.fields, ...loose.fields]);
  const inside = split.printed ? known : takeKeysInside(body, split.fields, known);
  const fields: Partial<Record<FieldId, FieldText>> = {};
  for (const { id } of FIELDS) {
    const found = inside.get(id);
    const field = found === undefined ? undefined : fieldText(body, found);
    if (field !== undefined && field.text !== "") fields[id] = field;
  }
  const rest = spanText(body, loose.rest, cleanFieldText);
  if (Object.keys(fields).length > 0 || rest === "") return { body, fields, rest, problems };
  const happened = fieldText(body, { start: 0, end: body.length });
  return { body, fields: { what_happened: happened }, rest, problems };
}

function tooLong(length: number): Problem {
  return {
    at: "the issue",
    expected: `at most ${BODY_LENGTH_MAX} characters`,
    got: `${length}: what comes after the first ${BODY_LENGTH_MAX} was not read`,
  };
}

function fieldText(body: string, span: LooseField): FieldText {
  const raw = body.slice(span.start, span.end);
  const start = span.start + (raw.length - raw.trimStart().length);
  const end = Math.max(start, span.end - (raw.length - raw.trimEnd().length));
  return { text: span.says ?? cleanFieldText(raw), start, end };
}

interface Split {
  /** The form printed the body, so that each field holds what was typed into it and nothing else. */
  readonly printed: boolean;
  readonly fields: ReadonlyMap<FieldId, TextSpan>;
  readonly rest: readonly TextSpan[];
}

interface Labelled extends Heading {
  /** Undefined where the heading is no label that we know. */
  readonly label: Label | undefined;
}

function splitByHeadings(body: string, headings: readonly Heading[]): Split {
  const labelled = readLabels(headings);
  const own = labelsOfForm(labelled);
  const printed = own.size >= FORM_LABELS_MIN;
  const borders = chooseBorders(printed ? labelled.filter((heading) => isPrinted(heading, own)) : labelled);
  const fields = new Map<FieldId, TextSpan>();
  const rest: TextSpan[] = [{ start: 0, end: borders[0]?.heading.start ?? body.length }];
  for (const [index, { heading, field }] of borders.entries()) {
    const end = borders[index + 1]?.heading.start ?? body.length;
    if (field === undefined) rest.push({ start: heading.start, end });
    else fields.set(field, { start: heading.contentStart, end });
  }
  return { printed, fields, rest };
}

interface Border {
  readonly heading: Heading;
  /** The field that begins here, or undefined where text begins that belongs to none. */
  readonly field: FieldId | undefined;
}

function chooseBorders(labelled: readonly Labelled[]): readonly Border[] {
  const ownWords = new Set(labelled.flatMap(({ label }) => (isCanonical(label) ? [label.field] : [])));
  const taken = new Map<FieldId, string>();
  const borders: Border[] = [];
  for (const heading of labelled) {
    const { label } = heading;
    const last = borders.at(-1);
    const current = last?.heading.depth ?? FORM_DEPTH * 2;
    if (label === undefined) {
      const isPasted = last?.field === undefined || PASTED_FIELDS.has(last.field);
      if (!isPasted && heading.depth <= current) borders.push({ heading, field: undefined });
      continue;
    }
    const isField = label.kind === "field" && (label.canonical || !ownWords.has(label.field));
    if (isField && !taken.has(label.field)) {
      taken.set(label.field, label.text);
      borders.push({ heading, field: label.field });
    } else if (!isRepeated(label, taken) && heading.depth <= current) {
      borders.push({ heading, field: undefined });
    }
  }
  return borders;
}

function readLabels(headings: readonly Heading[]): readonly Labelled[] {
  return headings.map((heading) => ({ ...heading, label: readLabel(heading.text) }));
}

/** The form's own labels at the level that it prints. */
function labelsOfForm(labelled: readonly Labelled[]): ReadonlySet<FieldId> {
  return new Set(
    labelled.flatMap(({ depth, label }) => (depth === FORM_DEPTH && isCanonical(label) ? [label.field] : [])),
  );
}

/** In a body that the form printed only its own labels count, at the level that it prints. */
function isPrinted({ depth, label }: Labelled, own: ReadonlySet<FieldId>): boolean {
  return depth === FORM_DEPTH && label?.kind === "field" && (label.canonical || !own.has(label.field));
}

function isCanonical(label: Label | undefined): label is Extract<Label, { kind: "field" }> {
  return label?.kind === "field" && label.canonical;
}

/** A heading that was seen already, word for word, is quoted in an answer. */
function isRepeated(label: Label, taken: ReadonlyMap<FieldId, string>): boolean {
  return label.kind === "field" && taken.get(label.field) === label.text;
}
