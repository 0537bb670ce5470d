import { isJsonObject, type JsonObject, type JsonValue } from "../json.ts";
import { objectsOf, textOf, unpacked } from "./read-json.ts";
import { messagesInJson } from "./read-messages.ts";
import type { TraceStep, TraceSteps } from "./trace-steps.ts";

const RUNS_MAX = 2_000;
const KINDS: Readonly<Record<string, TraceStep["kind"]>> = {
  tool: "tool",
  llm: "model",
  generation: "model",
  chat_model: "model",
  retriever: "retrieval",
};

/** Reads LangSmith runs, Langfuse observations and single OpenInference spans: an object, a tree or a list of them. */
export function readRunTrace(value: JsonValue): TraceSteps | undefined {
  const roots = isJsonObject(value)
    ? value.observations === undefined
      ? [value]
      : objectsOf(value.observations)
    : objectsOf(value);
  const runs = flatten(roots)
    .map(plainRun)
    .filter((run) => run !== undefined);
  if (runs.length === 0) return undefined;
  const begin = Math.min(...runs.map(({ startMs }) => startMs));
  const steps = runs.flatMap((run): TraceStep[] => {
    const kind = KINDS[run.type];
    if (kind === undefined) return [];
    const given = unpacked(run.input);
    const result = unpacked(run.output);
    return [
      {
        kind,
        name: run.name,
        arguments: isJsonObject(given) ? given : undefined,
        ...(result === undefined || kind === "model" ? {} : { result }),
        error: run.error,
        startMs: run.startMs - begin,
        durationMs: run.endMs - run.startMs,
      },
    ];
  });
  const messages = runs.map(({ input }) => conversation(input)).find((found) => found.length > 0) ?? [];
  const output = runs
    .filter(({ type }) => KINDS[type] !== "tool")
    .map((run) => answerOf(run.output))
    .find((text) => text !== undefined);
  return steps.length === 0 && output === undefined ? undefined : { steps, messages, output: output ?? "" };
}

interface Run {
  readonly type: string;
  readonly name: string;
  readonly input: JsonValue | undefined;
  readonly output: JsonValue | undefined;
  readonly error: string | undefined;
  readonly startMs: number;
  readonly endMs: number;
}

function plainRun(run: JsonObject): Run | undefined {
  const type = textOf(run.run_type) ?? textOf(run.type) ?? textOf(run["openinference.span.kind"]);
  const name = textOf(run.name) ?? textOf(run["tool.name"]) ?? textOf(run["llm.model_name"]);
  const isRun =
    run.run_type !== undefined ||
    run.traceId !== undefined ||
    run.startTime !== undefined ||
    run["openinference.span.kind"] !== undefined;
  if (type === undefined || name === undefined || !isRun) return undefined;
  const start = time(run.start_time ?? run.startTime);
  return {
    type: type.toLowerCase(),
    name,
    input: run.inputs ?? run.input ?? run["input.value"],
    output: run.outputs ?? run.output ?? run["output.value"],
    error: textOf(run.error) ?? (run.level === "ERROR" ? (textOf(run.statusMessage) ?? "error") : undefined),
    startMs: start,
    endMs: Math.max(start, time(run.end_time ?? run.endTime)),
  };
}

function flatten(roots: readonly JsonObject[]): readonly JsonObject[] {
  const runs: JsonObject[] = [];
  const waiting = [...roots].reverse();
  while (waiting.length > 0 && runs.length < RUNS_MAX) {
    const run = waiting.pop();
    if (run === undefined) break;
    runs.push(run);
    waiting.push(...[...objectsOf(run.child_runs)].reverse());
  }
  return runs;
}

function time(value: JsonValue | undefined): number {
  const parsed = typeof value === "number" ? value : typeof value === "string" ? Date.parse(value) : 0;
  return Number.isFinite(parsed) ? parsed : 0;
}

function conversation(input: JsonValue | undefined): ReturnType<typeof messagesInJson> {
  const value = unpacked(input);
  const messages = messagesInJson(value ?? null);
  if (messages.length > 0 || !isJsonObject(value)) return messages;
  const said = textOf(value.input) ?? textOf(value.question) ?? textOf(value.query);
  return said === undefined ? [] : [{ role: "user", content: said }];
}

function answerOf(output: JsonValue | undefined): string | undefined {
  const value = unpacked(output);
  if (!isJsonObject(value)) return textOf(value);
  return (
    textOf(value.output) ??
    textOf(value.answer) ??
    textOf(value.content) ??
    messagesInJson(value).findLast(({ role }) => role === "assistant")?.content
  );
}
