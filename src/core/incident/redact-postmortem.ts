import { isJsonObject, type JsonValue } from "../json.ts";
import type { Problem } from "../problem.ts";
import type { Span } from "../trajectory/trajectory.ts";
import type { ReadPostmortem } from "./parse-postmortem.ts";
import type { Postmortem } from "./postmortem.ts";

/** What came of redacting a set of texts: the texts in their order, and how many places were replaced by kind. */
export interface RedactedTexts {
  readonly texts: readonly string[];
  readonly counts: Readonly<Record<string, number>>;
}

/** A postmortem and what was not understood in it, without secrets and personal data, and how many places were replaced by kind. */
export interface RedactedPostmortem extends ReadPostmortem {
  readonly counts: Readonly<Record<string, number>>;
}

/**
 * Takes secrets and personal data out of every text of a postmortem and out of what was not understood in it, through
 * one call, so that one value has one placeholder everywhere, also where it is the name of a key or a tool; the
 * author's login stays.
 */
export async function redactPostmortem(
  { postmortem, problems }: ReadPostmortem,
  redact: (texts: readonly string[]) => Promise<RedactedTexts>,
): Promise<RedactedPostmortem> {
  const texts = new Set<string>();
  const collect = (text: string): string => {
    texts.add(text);
    return text;
  };
  mapTexts(postmortem, collect);
  mapProblems(problems, collect);
  const given = [...texts];
  const { texts: redacted } = await redact(given);
  const byText = new Map(given.map((text, index) => [text, redacted[index]]));
  const clean = (text: string): string => {
    const found = byText.get(text);
    if (found === undefined) throw new Error("a text was not among those that were redacted");
    return found;
  };
  const cleaned = mapTexts(postmortem, clean);
  return {
    postmortem: cleaned,
    problems: mapProblems(problems, clean),
    counts: countPlaces(postmortem, cleaned),
  };
}

function mapProblems(problems: readonly Problem[], map: MapText): readonly Problem[] {
  return problems.map((problem) => ({ ...problem, at: map(problem.at), got: map(problem.got) }));
}

// A placeholder as the redactor writes it.
const PLACEHOLDER = /\[([a-z]+)-\d+\]/g;

/** Counts the places in the issue as it was written; the values that were read out of it repeat them. */
function countPlaces(before: Postmortem, after: Postmortem): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  const add = (text: string, by: number): void => {
    for (const [, kind = ""] of text.matchAll(PLACEHOLDER)) counts[kind] = (counts[kind] ?? 0) + by;
  };
  for (const text of writtenTexts(after)) add(text, 1);
  for (const text of writtenTexts(before)) add(text, -1);
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
}

function writtenTexts({ title, fields, rest }: Postmortem): readonly string[] {
  const texts = Object.values(fields).map(({ text }) => text);
  return [title, ...texts, ...(texts.includes(rest) ? [] : [rest])];
}

const LONG_NUMBER_MIN = 1e11;

type MapText = (text: string) => string;

function mapTexts(postmortem: Postmortem, map: MapText): Postmortem {
  const maybe = (text: string | undefined): string | undefined =>
    text === undefined ? undefined : map(text);
  return {
    ...postmortem,
    title: map(postmortem.title),
    incident: maybe(postmortem.incident),
    date: maybe(postmortem.date),
    agent: maybe(postmortem.agent),
    commit: maybe(postmortem.commit),
    messages: postmortem.messages.map((message) => ({ ...message, content: map(message.content) })),
    observed: maybe(postmortem.observed),
    expected: maybe(postmortem.expected),
    must: postmortem.must.map(map),
    mustNot: postmortem.mustNot.map(map),
    calls: postmortem.calls.map((call) => ({
      ...call,
      tool: map(call.tool),
      arguments: call.arguments === undefined ? undefined : mapObject(call.arguments, map),
      result: call.result === undefined ? undefined : mapJson(call.result, map),
      ...(call.error === undefined ? {} : { error: map(call.error) }),
    })),
    toolsRequired: postmortem.toolsRequired.map(map),
    toolsForbidden: postmortem.toolsForbidden.map(map),
    documents: postmortem.documents.map(({ source, content }) => ({
      source: map(source),
      content: map(content),
    })),
    memory: postmortem.memory.map(map),
    state: mapObject(postmortem.state, map),
    trace: postmortem.trace === undefined ? undefined : mapTrace(postmortem.trace, map),
    failureTags: postmortem.failureTags.map(map),
    owner: maybe(postmortem.owner),
    fix: maybe(postmortem.fix),
    fields: mapFields(postmortem.fields, map),
    rest: map(postmortem.rest),
  };
}

function mapFields(fields: Postmortem["fields"], map: MapText): Postmortem["fields"] {
  return Object.fromEntries(
    Object.entries(fields).map(([id, field]) => [id, { ...field, text: map(field.text) }]),
  );
}

/** Names every part that is passed on, so that what traces may hold one day does not pass unseen. */
function mapTrace(trace: NonNullable<Postmortem["trace"]>, map: MapText): NonNullable<Postmortem["trace"]> {
  const { usage, turns, latencyMs } = trace;
  return {
    spans: trace.spans.map((span) => mapSpan(span, map)),
    stopReason: map(trace.stopReason),
    output: map(trace.output),
    usage,
    turns,
    latencyMs,
    gaps: [],
  };
}

function mapSpan(span: Span, map: MapText): Span {
  const { id, kind, status, call, result, error, startMs, durationMs, usage } = span;
  return {
    id: map(id),
    kind,
    name: map(span.name),
    status,
    ...(call === undefined
      ? {}
      : { call: { tool: map(call.tool), arguments: mapObject(call.arguments, map) } }),
    ...(result === undefined ? {} : { result: mapJson(result, map) }),
    ...(error === undefined ? {} : { error: { type: error.type, message: map(error.message) } }),
    startMs,
    durationMs,
    ...(usage === undefined ? {} : { usage }),
  };
}

function mapJson(value: JsonValue, map: MapText): JsonValue {
  if (typeof value === "string") return map(value);
  if (typeof value === "number") return mapNumber(value, map);
  if (Array.isArray(value)) return value.map((item) => mapJson(item, map));
  return isJsonObject(value) ? mapObject(value, map) : value;
}

/** A number as long as one of a card or a phone is looked at as text. */
function mapNumber(value: number, map: MapText): JsonValue {
  if (!Number.isInteger(value) || Math.abs(value) < LONG_NUMBER_MIN) return value;
  const mapped = map(String(value));
  return mapped === String(value) ? value : mapped;
}

function mapObject(value: Readonly<Record<string, JsonValue>>, map: MapText): Record<string, JsonValue> {
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [map(key), mapJson(member, map)]));
}
