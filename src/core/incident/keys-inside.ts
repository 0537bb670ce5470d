import { cleanFieldText, fencesOf } from "./field-text.ts";
import { type KeyLine, type LooseField, ONE_LINE_FIELDS, takeKeyLines } from "./loose-fields.ts";
import type { FieldId } from "./postmortem.ts";
import type { TextSpan } from "./text-span.ts";

/** Fields that hold what somebody pasted; only where a fence or a quote shows its border a key beside it counts. */
const PASTED: ReadonlySet<FieldId> = new Set(["user_input", "observed", "context", "trace", "tools_called"]);
/** Fields that say what is to be: a key in them may speak of calls and answers that are wished for. */
const WISHED: ReadonlySet<FieldId> = new Set(["expected", "must", "must_not", "actions", "success_criteria"]);
const WISHES: ReadonlySet<FieldId> = new Set(["must", "must_not", "tools_required", "tools_forbidden"]);
/** What a plain `Key: value` line inside a section may say; other keys are too common in prose and logs. */
const PLAIN: ReadonlySet<FieldId> = new Set([
  "severity",
  "agent",
  "date",
  "commit",
  "signal",
  "owner",
  "failure_types",
  "user_input",
]);

/** Finds, inside the sections of a body written by hand, keys of fields that are still open, and takes them out of their section. */
export function takeKeysInside(
  body: string,
  sections: ReadonlyMap<FieldId, TextSpan>,
  known: ReadonlyMap<FieldId, LooseField>,
): ReadonlyMap<FieldId, LooseField> {
  const fields = new Map(known);
  for (const [host, span] of sections) {
    const spared = PASTED.has(host) ? pastedSpans(body, span) : [];
    if (spared === undefined || ONE_LINE_FIELDS.has(host)) continue;
    const found = new Map<FieldId, LooseField>();
    const take = (field: FieldId, piece: LooseField): boolean => {
      if (fields.has(field) || found.has(field)) return false;
      found.set(field, piece);
      return true;
    };
    const accept = (key: KeyLine, line: TextSpan): boolean =>
      !spared.some(({ start, end }) => line.start >= start && line.end <= end) &&
      mayStandIn(host, key, body.slice(line.end - key.valueLength, line.end));
    const left = takeKeyLines(body, span, take, accept);
    if (found.size === 0) continue;
    const says = left.map(({ start, end }) => body.slice(start, end).trim()).join("\n\n");
    fields.set(host, { ...span, says: cleanFieldText(says) });
    for (const [field, piece] of found) fields.set(field, piece);
  }
  return fields;
}

function mayStandIn(host: FieldId, { field, isBold }: KeyLine, value: string): boolean {
  if (field === undefined || field === host) return false;
  if (ONE_LINE_FIELDS.has(field) && value.trim() === "") return false;
  if (WISHED.has(host)) return ONE_LINE_FIELDS.has(field) || (isBold && WISHES.has(field));
  return isBold || (PLAIN.has(field) && value.trim() !== "" && !/^\s*[[{]/.test(value));
}

/** The fences and quotes of a text that begins with one; undefined where nothing shows what was pasted and what was not. */
function pastedSpans(body: string, { start, end }: TextSpan): readonly TextSpan[] | undefined {
  const text = body.slice(start, end);
  if (!/^\s*(?:`{3}|~{3}|>)/.test(text)) return undefined;
  const fences = fencesOf(text).map((fence) => ({ start: start + fence.start, end: start + fence.end }));
  const quotes = [...text.matchAll(/^ {0,3}>.*$/gm)].map((match) => ({
    start: start + match.index,
    end: start + match.index + match[0].length,
  }));
  return [...fences, ...quotes];
}
