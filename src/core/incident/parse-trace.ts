import type { JsonValue } from "../json.ts";
import { fencesOf, unquote } from "./field-text.ts";
import { readNotes } from "./read-calls.ts";
import { readJsonOrLines } from "./read-json.ts";
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
  const steps = calls.map(
    ({ tool, arguments: given, result, error }): TraceStep => ({
      kind: "tool",
      name: tool,
      arguments: given,
      result,
      error,
    }),
  );
  const messages = readTurns(text.replace(ARROW_LINES, ""));
  const output = messages.findLast(({ role }) => role === "assistant")?.content ?? "";
  return observedTrace({ steps, messages, output });
}
