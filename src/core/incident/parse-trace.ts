import type { JsonValue } from "../json.ts";
import type { Problem } from "../problem.ts";
import { fencesOf, unquote } from "./field-text.ts";
import { noteLines } from "./note-lines.ts";
import { withoutMarkup } from "./plain-text.ts";
import { readNotedRun } from "./trace/noted-run.ts";
import { type ReadTrace, readTrace } from "./trace/read-trace.ts";
import { type ObservedTrace, observedTrace, STEPS_MAX, type TraceSteps } from "./trace-steps.ts";
import { valuesInText } from "./values-in-text.ts";

/** A trace that is attached may be longer than an issue's body. */
const TRACE_LENGTH_MAX = 1024 * 1024;
const FENCES_MAX = 200;
/** Languages of a fence that hold no trace of an agent. */
const CODE = new Set([
  "mermaid",
  "diff",
  "sql",
  "html",
  "css",
  "ts",
  "typescript",
  "tsx",
  "jsx",
  "yaml",
  "yml",
]);
const GOT_LENGTH_MAX = 80;

/** A trace in a text, and what of it was not read. */
export interface ParsedTrace extends ObservedTrace {
  readonly problems: readonly Problem[];
}

/**
 * Reads a pasted trace, fenced or not, in one piece or in several: an export (OTLP, OpenInference, LangSmith, Langfuse …),
 * messages of any common API, a log, or notes. Of a trace that is cut what is whole is read, and the rest is said to be
 * missing. Undefined where nothing of a trace is found.
 */
export function parseTrace(written: string): ParsedTrace | undefined {
  const text = withoutMarkup(unquote(written.slice(0, TRACE_LENGTH_MAX)));
  const isLong = written.length > TRACE_LENGTH_MAX;
  const [first, second] = isMostlyJson(text) ? [exportedIn, notedIn] : [notedIn, exportedIn];
  return first(text, isLong) ?? second(text, isLong);
}

/** Finds a trace in texts that are about something else: an export or a log in a fence, or calls noted between and inside their lines. */
export function findTrace(texts: readonly string[]): ParsedTrace | undefined {
  const fences = texts
    .flatMap((text) => fencesOf(text.slice(0, TRACE_LENGTH_MAX)))
    .filter(({ language }) => !CODE.has(language) && language !== "python" && language !== "py")
    .slice(0, FENCES_MAX);
  const told = exportedValues(fences.map(({ content }) => content));
  const trace = readTrace(told.values);
  if (trace?.steps.some(({ kind }) => kind !== "model")) return parsed(trace, told.isCut, texts.join("\n"));
  for (const { content } of fences) {
    const noted = notedIn(content, false);
    if (noted !== undefined && noted.calls.length > 0) return noted;
  }
  return notedIn(noteLines(texts.join("\n")).join("\n"), false);
}

/** Whether most of a text stands in braces and brackets; a note holds more than the values of its calls. */
function isMostlyJson(text: string): boolean {
  const fences = fencesOf(text);
  const content = fences.length === 0 ? text : fences.map((fence) => fence.content).join("\n");
  const { values, around } = valuesInText(content);
  return values.length > 0 && around.replaceAll(/\s/g, "").length * 3 < content.replaceAll(/\s/g, "").length;
}

function exportedValues(contents: readonly string[]): {
  readonly values: readonly JsonValue[];
  readonly isCut: boolean;
} {
  const found = contents.map(valuesInText);
  return { values: found.flatMap(({ values }) => values), isCut: found.some(({ isCut }) => isCut) };
}

/** Reads values in fences, or in the text itself; turns of the conversation may stand around them. */
function exportedIn(text: string, isLong: boolean): ParsedTrace | undefined {
  const fences = fencesOf(text)
    .filter(({ language }) => !CODE.has(language))
    .slice(0, FENCES_MAX);
  const inFences = exportedValues(fences.map(({ content }) => content));
  const told = inFences.values.length > 0 ? inFences : exportedValues([text]);
  const trace = readTrace(told.values);
  if (trace === undefined) return undefined;
  const spoken = trace.messages.length > 0 ? trace : { ...trace, ...spokenAround(text, trace) };
  return parsed(spoken, told.isCut || isLong, text);
}

function spokenAround(text: string, trace: TraceSteps): Pick<TraceSteps, "messages" | "output"> {
  const prose = fencesOf(text).reduceRight(
    (rest, { start, end }) => rest.slice(0, start) + rest.slice(end),
    text,
  );
  const { messages, output } = readNotedRun(prose);
  return { messages, output: trace.output || output };
}

/** Only calls that say what was given or what came back make a text a trace. */
function notedIn(text: string, isLong: boolean): ParsedTrace | undefined {
  const noted = readNotedRun(text);
  const isTold = noted.steps.some((step) => step.arguments !== undefined || isAnswered(step));
  return isTold ? parsed({ ...noted, otherRuns: 0, isCut: false }, isLong, text) : undefined;
}

function isAnswered({ result, error }: TraceSteps["steps"][number]): boolean {
  return result !== undefined || error !== undefined;
}

function parsed(trace: ReadTrace, isCut: boolean, text: string): ParsedTrace | undefined {
  const observed = observedTrace(trace);
  if (observed === undefined) return undefined;
  const got = text.trimEnd().slice(-GOT_LENGTH_MAX);
  const isLeftOut = trace.steps.filter(({ kind }) => kind !== "model").length > STEPS_MAX || trace.isCut;
  return { ...observed, problems: problemsOf(trace.otherRuns, isCut || isLeftOut, got) };
}

function problemsOf(otherRuns: number, isCut: boolean, got: string): readonly Problem[] {
  const problems: Problem[] = [];
  if (isCut) {
    const expected =
      "a whole trace; it is cut, and only what is whole of it was read. What is missing can be attached as a file";
    problems.push({ at: "Trace", expected, got });
  }
  if (otherRuns > 0) {
    const expected = "one run; the first was read. Of several, the one that failed has to stand first";
    problems.push({ at: "Trace", expected, got: `${otherRuns + 1} runs` });
  }
  return problems;
}
