import type { Problem } from "../problem.ts";
import { checkedText } from "./field-text.ts";
import { FIELDS, type FieldId } from "./postmortem.ts";
import { wordReader } from "./read-words.ts";
import {
  EVALUATION_GAPS,
  type EvaluationGap,
  FAILURE_TYPES,
  type FailureType,
  type RootCause,
  SIGNALS,
  type Signal,
} from "./taxonomy.ts";
import { FAILURE_WORDS, GAP_WORDS, ROOT_CAUSE_WORDS, SIGNAL_WORDS } from "./taxonomy-words.ts";

const TAGS_MAX = 20;
const UNKNOWN_MAX = 5;

const failureReader = wordReader(FAILURE_WORDS);
const signalReader = wordReader(SIGNAL_WORDS);
const causeReader = wordReader(ROOT_CAUSE_WORDS);
const gapReader = wordReader(GAP_WORDS);

/** What a field says in our words, and what in it we did not understand. */
export interface ReadValues<T> {
  readonly found: readonly T[];
  readonly problems: readonly Problem[];
}

/** The types of failure that a field names, and the finer kinds as tags. */
export interface Failures {
  readonly types: readonly FailureType[];
  readonly tags: readonly string[];
  readonly problems: readonly Problem[];
}

/** Reads the types of failure, in the order of the text, each once. */
export function readFailures(text: string): Failures {
  const { found, unknown } = failureReader(checkedText(text));
  const types = new Set(found.flatMap(({ type }) => (type === undefined ? [] : [type])));
  const tags = new Set(found.flatMap(({ tag }) => (tag === undefined ? [] : [tag])));
  const problems =
    found.length > 0 && unknown.length > UNKNOWN_MAX
      ? []
      : problemsOf("failure_types", FAILURE_TYPES, unknown);
  return { types: [...types], tags: [...tags].slice(0, TAGS_MAX), problems };
}

/** Reads what brought the incident to attention. */
export function readSignal(text: string): ReadValues<Signal> {
  const { found, unknown } = signalReader(checkedText(text));
  return { found, problems: found.length > 0 ? [] : problemsOf("signal", SIGNALS, unknown) };
}

/** Reads root causes; the field often holds prose, so that unknown words are no problem. */
export function readRootCauses(text: string): ReadValues<RootCause> {
  return { found: [...new Set(causeReader(checkedText(text)).found)], problems: [] };
}

/** Reads why the evals did not catch it. */
export function readEvaluationGap(text: string): ReadValues<EvaluationGap> {
  const { found, unknown } = gapReader(checkedText(text));
  return { found, problems: found.length > 0 ? [] : problemsOf("evaluation_gap", EVALUATION_GAPS, unknown) };
}

function problemsOf(
  field: FieldId,
  known: readonly string[],
  unknown: readonly string[],
): readonly Problem[] {
  const at = FIELDS.find(({ id }) => id === field)?.label ?? field;
  const expected = known.map((word) => word.replaceAll("_", " ")).join(", ");
  return unknown.slice(0, UNKNOWN_MAX).map((got) => ({ at, expected, got }));
}
