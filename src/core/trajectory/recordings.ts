import type { Recording } from "../fixture/recording.ts";
import { isJsonObject, type JsonObject, jsonEquals, jsonIncludes } from "../json.ts";
import { compileJsonSchema, type SchemaTest } from "../json-schema.ts";
import { problemText } from "../problem.ts";
import { argumentDifferences } from "./argument-differences.ts";
import type { Gap } from "./trajectory.ts";

/** What a tool answers to one call. */
export type RecordedStep = Pick<
  Recording,
  "return" | "error" | "timeout_ms" | "malformed" | "denied" | "planted" | "sets"
>;

/** What the recordings of a fixture say to a call. */
export type RecordedAnswer =
  | {
      readonly kind: "recorded";
      readonly recording: Recording;
      readonly step: RecordedStep;
      /** Which recording it is, such as `read_order[0]`. */
      readonly id: string;
    }
  | { readonly kind: "gap"; readonly gap: Gap };

/** Tells how many earlier calls a recording has answered. */
export type CountAnswered = (recording: string) => number;

/**
 * Finds the first recording that the call fits and that has an answer left.
 * Where there is none, it says which one came nearest and where the call and that one part.
 */
export function matchRecording(
  recordings: readonly Recording[],
  tool: string,
  callArguments: JsonObject,
  countAnswered: CountAnswered = () => 0,
): RecordedAnswer {
  let exhausted: Recording | undefined;
  for (const [index, recording] of recordings.entries()) {
    if (differences(recording, callArguments).length > 0) continue;
    const id = `${tool}[${index}]`;
    const step = nextStep(recording, countAnswered(id));
    if (step !== undefined) return { kind: "recorded", recording, step, id };
    exhausted ??= recording;
  }
  return { kind: "gap", gap: gapOf(recordings, tool, callArguments, exhausted) };
}

function nextStep(recording: Recording, answered: number): RecordedStep | undefined {
  const { sequence, exhausted = "last" } = recording;
  if (sequence === undefined) return recording;
  const steps = sequence.flatMap((step) => Array.from({ length: step.times ?? 1 }, () => step));
  const place = exhausted === "repeat" ? answered % steps.length : answered;
  return steps[place] ?? (exhausted === "last" ? steps.at(-1) : undefined);
}

function differences(recording: Recording, made: JsonObject): readonly string[] {
  const { when, when_exactly, when_schema } = recording;
  return [
    ...(when === undefined || jsonIncludes(made, when)
      ? []
      : argumentDifferences(when, made, "among others")),
    ...(when_exactly === undefined || jsonEquals(made, when_exactly)
      ? []
      : argumentDifferences(when_exactly, made, "exactly")),
    ...(when_schema === undefined ? [] : misfits(when_schema, made)),
  ];
}

// The recordings of a fixture are the same for every trial; compiling their schemas once is enough.
const schemaTests = new WeakMap<JsonObject, SchemaTest>();

function misfits(schema: JsonObject, made: JsonObject): readonly string[] {
  const test = schemaTests.get(schema) ?? compiled(schema);
  schemaTests.set(schema, test);
  const wrong = test(made);
  return wrong === undefined ? [] : [`it does not fit the schema: ${wrong}`];
}

/** No call fits a schema that cannot be used. */
function compiled(schema: JsonObject): SchemaTest {
  const read = compileJsonSchema(schema);
  if (read.kind === "parsed") return read.value;
  const because = read.problems.map(problemText).join("; ");
  return () => because;
}

function gapOf(
  recordings: readonly Recording[],
  tool: string,
  made: JsonObject,
  exhausted: Recording | undefined,
): Gap {
  if (exhausted !== undefined) {
    const differs = ["its sequence has no answer left for one more call"];
    return { tool, arguments: made, nearest: wantedBy(exhausted) ?? {}, differs };
  }
  const nearest = nearestOf(recordings, made);
  return {
    tool,
    arguments: made,
    nearest: nearest === undefined ? undefined : wantedBy(nearest),
    differs: nearest === undefined ? [] : differences(nearest, made),
  };
}

/** The arguments that a recording waits for, as far as it names them. */
function wantedBy({ when, when_exactly, when_schema }: Recording): JsonObject | undefined {
  return when ?? when_exactly ?? when_schema;
}

function nearestOf(recordings: readonly Recording[], made: JsonObject): Recording | undefined {
  let nearest: Recording | undefined;
  let best = -1;
  for (const recording of recordings) {
    const wanted = wantedBy(recording);
    if (wanted === undefined) continue;
    const score = sharedParts(wanted, made);
    if (score > best) {
      nearest = recording;
      best = score;
    }
  }
  return nearest;
}

/** Counts what two objects share: one for a key, one more for its value. */
function sharedParts(a: JsonObject, b: JsonObject): number {
  let shared = 0;
  for (const [key, value] of Object.entries(a)) {
    const other = Object.hasOwn(b, key) ? b[key] : undefined;
    if (other === undefined) continue;
    shared += jsonEquals(value, other) ? 2 : 1;
    if (isJsonObject(value) && isJsonObject(other)) shared += sharedParts(value, other);
  }
  return shared;
}
