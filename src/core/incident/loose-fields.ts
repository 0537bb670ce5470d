import { findDataBlocks } from "./data-fields.ts";
import { cleanFieldText, fencesOf } from "./field-text.ts";
import { type Label, readLabel } from "./labels.ts";
import type { FieldId } from "./postmortem.ts";
import type { TextSpan } from "./text-span.ts";

const BOLD_KEY =
  /^\s*(?:>\s?|[-+]\s+|\*\s+|\d{1,2}[.)]\s+)?(?:\*\*|__)([^*\n]{1,80}?)(?:\*\*|__)\s*([:：]?)\s*(.*)$/;
const PLAIN_KEY = /^\s*(?:[-+*]\s+)?(\p{L}[^:：|\n]{0,60})[:：](?:\s+(.*)|)$/u;
const TABLE_ROW = /^\s*\|([^|]{1,80})\|([^|]*)\|\s*$/;
const NAME_LENGTH_MAX = 60;
const BARE_WORDS_MAX = 4;

/** Names of speakers: a line that begins with one is a turn of a conversation, not a key. */
const SPEAKERS = new Set(["user", "assistant", "agent", "bot", "customer", "system", "human", "ai", "tool"]);

/** Fields whose value ends with its line. */
export const ONE_LINE_FIELDS: ReadonlySet<FieldId> = new Set([
  "incident",
  "date",
  "severity",
  "signal",
  "agent",
  "commit",
  "evaluation_gap",
  "recurrence",
  "affected_users",
  "started",
  "detected",
  "resolved",
  "fix",
  "owner",
]);

/** A field without a heading: where it stands and, where that is not its text as written, what it says. */
export interface LooseField extends TextSpan {
  readonly says?: string;
}

/** What was found outside known headings, and what is left. */
export interface LooseFields {
  readonly fields: ReadonlyMap<FieldId, LooseField>;
  readonly rest: readonly TextSpan[];
}

/** Finds fields that no heading announces: data blocks, keys in bold, `Key: value` lines, rows of a table. */
export function findLooseFields(
  body: string,
  spans: readonly TextSpan[],
  known: ReadonlySet<FieldId>,
): LooseFields {
  const fields = new Map<FieldId, LooseField>();
  const rest: TextSpan[] = [];
  const take = (field: FieldId, found: LooseField): boolean => {
    if (known.has(field) || fields.has(field)) return false;
    fields.set(field, found);
    return true;
  };
  for (const span of spans) {
    for (const free of takeDataBlocks(body, span, take)) rest.push(...takeKeyLines(body, free, take));
  }
  return { fields, rest };
}

type Take = (field: FieldId, found: LooseField) => boolean;
/** Tells whether the key on a line counts; by default each does. */
type Accept = (key: KeyLine, line: TextSpan) => boolean;

function takeDataBlocks(body: string, span: TextSpan, take: Take): readonly TextSpan[] {
  const free: TextSpan[] = [];
  let at = span.start;
  for (const block of findDataBlocks(body.slice(span.start, span.end))) {
    const [start, end] = [span.start + block.start, span.start + block.end];
    for (const [field, text] of block.fields) take(field, { says: cleanFieldText(text), start, end });
    free.push({ start: at, end: start });
    at = end;
  }
  return [...free, { start: at, end: span.end }].filter(({ start, end }) => end > start);
}

/** A line that begins with a key. */
export interface KeyLine {
  /** Undefined where a key stands that names no field: it ends the one before. */
  readonly field: FieldId | undefined;
  readonly isBold: boolean;
  readonly valueLength: number;
  /** What follows the value on its line, such as the end of a table's row. */
  readonly trailing: number;
  /** Value goes on until the next key, even over empty lines. */
  readonly open: boolean;
}

/** Takes the fields that keys on lines of a text announce, and gives what is left of it. */
export function takeKeyLines(
  body: string,
  span: TextSpan,
  take: Take,
  accept: Accept = () => true,
): readonly TextSpan[] {
  const fences = fencesOf(body.slice(span.start, span.end));
  const rest: TextSpan[] = [];
  let current: { field: FieldId | undefined; start: number; open: boolean } = {
    field: undefined,
    start: span.start,
    open: true,
  };
  let fence = 0;
  const finish = (end: number): void => {
    const piece = { start: current.start, end };
    if (current.field === undefined || !take(current.field, piece)) rest.push(piece);
  };
  for (const line of linesOf(body, span)) {
    const at = line.start - span.start;
    while ((fences[fence]?.end ?? Number.POSITIVE_INFINITY) <= at) fence += 1;
    if (at >= (fences[fence]?.start ?? Number.POSITIVE_INFINITY)) continue;
    const text = body.slice(line.start, line.end);
    const read = readKeyLine(text);
    const key = read !== undefined && accept(read, line) ? read : undefined;
    const ends =
      key !== undefined ||
      (current.field !== undefined &&
        (/^ {0,3}#{1,6}\s/.test(text) || (!current.open && text.trim() === "")));
    if (!ends) continue;
    finish(line.start);
    current = { field: undefined, start: line.start, open: true };
    if (key?.field === undefined) continue;
    current = { field: key.field, start: line.end - key.trailing - key.valueLength, open: key.open };
    if (key.trailing > 0 || (key.valueLength > 0 && ONE_LINE_FIELDS.has(key.field))) {
      finish(line.end - key.trailing);
      current = { field: undefined, start: line.end, open: true };
    }
  }
  finish(span.end);
  return rest;
}

function readKeyLine(line: string): KeyLine | undefined {
  const [, boldKey, colon, boldValue = ""] = BOLD_KEY.exec(line) ?? [];
  if (boldKey !== undefined) return readBoldKey(boldKey, colon !== "", boldValue);
  const [, cell, cellValue] = TABLE_ROW.exec(line) ?? [];
  const [, plain, plainValue = ""] = PLAIN_KEY.exec(line) ?? [];
  const key = cell ?? plain;
  const label = key === undefined ? undefined : readLabel(key);
  if (label?.kind !== "field") return undefined;
  if (cellValue !== undefined)
    return {
      field: label.field,
      isBold: false,
      valueLength: cellValue.length,
      trailing: line.length - line.lastIndexOf("|"),
      open: false,
    };
  // In a transcript "Agent: I have refunded it." is a turn.
  const isTurn =
    label.field === "agent" && (plainValue.length > NAME_LENGTH_MAX || /\s.*\s/.test(plainValue.trim()));
  return isTurn
    ? undefined
    : {
        field: label.field,
        isBold: false,
        valueLength: plainValue.length,
        trailing: 0,
        open: plainValue === "",
      };
}

function readBoldKey(key: string, hasColon: boolean, value: string): KeyLine | undefined {
  const label = readLabel(key);
  const isKey =
    hasColon || /[:：]\s*$/.test(key) || (label !== undefined && (value === "" || isBare(label, value)));
  const name = key
    .replace(/[:：]\s*$/, "")
    .trim()
    .toLowerCase();
  if (!isKey || (SPEAKERS.has(name) && name !== "agent")) return undefined;
  if (name === "agent" && (value.length > NAME_LENGTH_MAX || /\s.*\s/.test(value.trim()))) return undefined;
  const field = label?.kind === "field" ? label.field : undefined;
  return { field, isBold: true, valueLength: value.length, trailing: 0, open: true };
}

/** "**Severity** high" and "**Expected behavior** It asks first." lack their colon; "**Agent** must not …" is a sentence. */
function isBare(label: Label, value: string): boolean {
  if (label.kind !== "field") return false;
  const words = value.trim().split(/\s+/).length;
  if (ONE_LINE_FIELDS.has(label.field)) return words <= 2;
  return label.text.includes(" ") || words <= BARE_WORDS_MAX || /^["“`\p{Lu}]/u.test(value.trim());
}

function* linesOf(body: string, span: TextSpan): Generator<TextSpan> {
  let start = span.start;
  while (start < span.end) {
    const newline = body.indexOf("\n", start);
    const end = newline === -1 || newline > span.end ? span.end : newline;
    yield { start, end };
    start = end + 1;
  }
}
