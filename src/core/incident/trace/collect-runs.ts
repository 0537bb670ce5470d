import { isJsonObject, type JsonObject, type JsonValue } from "../../json.ts";
import { objectsOf, textOf } from "../read-json.ts";
import { objectRun } from "./object-run.ts";
import type { Run } from "./run.ts";
import { spanId, spanRun } from "./span-run.ts";

/** Spans of one trace; a longer one is read to here. */
const RUNS_MAX = 5_000;
const NODES_MAX = 50_000;
/** Where exports keep their spans, runs and observations, and those inside them. */
const CONTAINERS = [
  "resourceSpans",
  "resource_spans",
  "batches",
  "scopeSpans",
  "scope_spans",
  "instrumentationLibrarySpans",
  "instrumentation_library_spans",
  "spans",
  "data",
  "trace",
  "traces",
  "runs",
  "result",
  "results",
  "items",
  "rows",
  "observations",
  "child_runs",
  "child_spans",
  "children",
] as const;
const LOG_CONTAINERS = [
  "resourceLogs",
  "resource_logs",
  "scopeLogs",
  "scope_logs",
  "logRecords",
  "log_records",
] as const;

/** The runs of an export, and whether there were more than are read. */
export interface CollectedRuns {
  readonly runs: readonly Run[];
  readonly isCut: boolean;
}

/** Finds every run, span and observation in values of any export format, with the records of logs that belong to them. */
export function collectRuns(values: readonly JsonValue[]): CollectedRuns {
  const logs = collectLogs(values);
  const runs: Run[] = [];
  const waiting: { readonly value: JsonValue; readonly parent: string | undefined }[] = [
    ...values.map((value) => ({ value, parent: undefined })),
  ].reverse();
  let nodes = 0;
  while (waiting.length > 0 && runs.length < RUNS_MAX && nodes < NODES_MAX) {
    const next = waiting.pop();
    if (next === undefined) break;
    nodes += 1;
    const { value, parent } = next;
    const found = isJsonObject(value) ? runOf(value, logs) : undefined;
    const run = found === undefined ? undefined : withParent(found, parent, runs.length);
    if (run !== undefined) runs.push(run);
    waiting.push(
      ...inside(value, found !== undefined)
        .map((inner) => ({ value: inner, parent: run?.id ?? parent }))
        .reverse(),
    );
  }
  return { runs: [...runs, ...orphans(logs)], isCut: waiting.length > 0 };
}

function runOf(value: JsonObject, logs: Map<string, JsonObject[]>): Run | undefined {
  const run = objectRun(value);
  if (run !== undefined) return run;
  const id = spanId(value);
  const logged = id === undefined ? [] : (logs.get(id) ?? []);
  const span = spanRun(value, logged);
  if (span !== undefined && id !== undefined) logs.delete(id);
  return span;
}

/** Runs inside others need not name their parent, nor have an id themselves. */
function withParent(run: Run, parent: string | undefined, index: number): Run {
  return { ...run, id: run.id ?? `run ${index}`, parent: run.parent ?? parent };
}

/** The results and data of a run are its own and hold no runs. */
function inside(value: JsonValue, isRun: boolean): readonly JsonValue[] {
  if (Array.isArray(value)) return value;
  if (!isJsonObject(value)) return [];
  const nested = isRun ? ["observations", "child_runs", "child_spans", "children", "spans"] : CONTAINERS;
  return nested.flatMap((key) => {
    const member = value[key];
    return member !== undefined && typeof member === "object" && member !== null ? [member] : [];
  });
}

function collectLogs(values: readonly JsonValue[]): Map<string, JsonObject[]> {
  const bySpan = new Map<string, JsonObject[]>();
  const waiting = values.flatMap((value) => (isJsonObject(value) ? [value] : objectsOf(value)));
  for (let index = 0; index < waiting.length && index < NODES_MAX; index += 1) {
    const value = waiting[index];
    if (value === undefined) break;
    const inner = LOG_CONTAINERS.flatMap((key) => objectsOf(value[key]));
    waiting.push(...inner);
    const isRecord =
      inner.length === 0 &&
      value.body !== undefined &&
      (value.timeUnixNano ?? value.time_unix_nano ?? value.observedTimeUnixNano) !== undefined;
    const id = (textOf(value.spanId) ?? textOf(value.span_id) ?? "").toLowerCase();
    if (isRecord) bySpan.set(id, [...(bySpan.get(id) ?? []), value]);
  }
  return bySpan;
}

/** Messages whose spans were not exported are requests to a model all the same. */
function orphans(logs: ReadonlyMap<string, readonly JsonObject[]>): readonly Run[] {
  return [...logs].flatMap(([id, records]) => {
    const run = spanRun(
      { spanId: id, name: "chat model", attributes: [], startTimeUnixNano: records[0]?.timeUnixNano ?? "0" },
      records,
    );
    return run === undefined || (run.input === undefined && run.output === undefined) ? [] : [run];
  });
}
