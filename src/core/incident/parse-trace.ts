import { isJsonObject, type JsonValue } from "../json.ts";
import { fencesOf, unquote } from "./field-text.ts";
import { noteLines } from "./note-lines.ts";
import type { ReportedCall } from "./postmortem.ts";
import { callsInJson, readNotes } from "./read-calls.ts";
import { objectsOf, readJsonOrLines } from "./read-json.ts";
import { readTurns } from "./read-messages.ts";
import { readMessageTrace } from "./trace-messages.ts";
import { readOtlpTrace } from "./trace-otlp.ts";
import { readRunTrace } from "./trace-runs.ts";
import { type ObservedTrace, observedTrace, type TraceStep, type TraceSteps } from "./trace-steps.ts";

/** A trace that is attached may be longer than an issue's body. */
const TRACE_LENGTH_MAX = 1024 * 1024;
const FENCES_MAX = 20;
const ARROW_LINES = /^\s*(?:→|←|->|<-|⇒|⇐).*$/gm;

const FORMATS: readonly ((value: JsonValue) => TraceSteps | undefined)[] = [
  readOtlpTrace,
  readMessageTrace,
  readRunTrace,
  readCallList,
];

/**
 * Reads a pasted trace, fenced or not: a list of messages (Messages API, Chat Completions), OTLP/JSON with GenAI
 * attributes, LangSmith or Langfuse runs, or arrow notes. Undefined where nothing of a trace is found.
 */
export function parseTrace(written: string): ObservedTrace | undefined {
  const text = written.slice(0, TRACE_LENGTH_MAX);
  const fences = fencesOf(text).slice(0, FENCES_MAX);
  for (const candidate of [...fences.map(({ content }) => content), text]) {
    const value = readJsonOrLines(candidate);
    const trace = value === undefined ? undefined : readValue(value);
    if (trace !== undefined) return trace;
  }
  return readNoted(unquote(text));
}

/** Reads objects of a log that each hold a tool and what it was given. */
function readCallList(value: JsonValue): TraceSteps | undefined {
  const list = objectsOf(isJsonObject(value) ? [value] : value);
  const calls = list.filter((item) =>
    ["tool", "tool_name", "function", "tool_calls"].some((key) => item[key] !== undefined),
  );
  return calls.length === 0 ? undefined : { steps: callsInJson(calls).map(stepOf), messages: [], output: "" };
}

/** Finds a trace in texts that are about something else: JSON in a fence, or calls noted between and inside their lines. */
export function findTrace(texts: readonly string[]): ObservedTrace | undefined {
  const fences = texts.flatMap((text) => fencesOf(text.slice(0, TRACE_LENGTH_MAX))).slice(0, FENCES_MAX);
  for (const { content } of fences) {
    const value = readJsonOrLines(content);
    const trace = value === undefined ? undefined : readValue(value);
    if (trace !== undefined && trace.trajectory.spans.length > 0) return trace;
  }
  return readNoted(noteLines(texts.join("\n")).join("\n"));
}

function readValue(value: JsonValue): ObservedTrace | undefined {
  for (const read of FORMATS) {
    const steps = read(value);
    const trace = steps === undefined ? undefined : observedTrace(steps);
    if (trace !== undefined) return trace;
  }
  return undefined;
}

/** Only calls that are written as calls make prose a trace. */
function readNoted(text: string): ObservedTrace | undefined {
  const calls = readNotes(text).filter((call) => call.arguments !== undefined || call.result !== undefined);
  const steps = calls.map(stepOf);
  const messages = readTurns(text.replace(ARROW_LINES, ""));
  const output = messages.findLast(({ role }) => role === "assistant")?.content ?? "";
  return observedTrace({ steps, messages, output });
}

function stepOf({ tool, arguments: given, result, error }: ReportedCall): TraceStep {
  return { kind: "tool", name: tool, arguments: given, result, error };
}
