import type { ExpectedInput } from "../fixture/trajectory-expectation.ts";
import {
  canonicalJson,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  jsonEquals,
  jsonIncludes,
} from "../json.ts";
import { compileJsonSchema, type SchemaTest } from "../json-schema.ts";
import { matchesWildcard } from "../text/wildcard.ts";
import { argumentDifferences } from "../trajectory/argument-differences.ts";
import type { Span } from "../trajectory/trajectory.ts";
import { excerpt } from "./excerpt.ts";
import type { Grade, Grader } from "./grader.ts";
import { unusableGrader } from "./ungraded.ts";

/** Passes when the meant calls of a tool are given what is expected; a tool that is never called fails. */
export function callInput(expected: ExpectedInput): Grader {
  const schema = expected.json_schema === undefined ? undefined : compileJsonSchema(expected.json_schema);
  if (schema?.kind === "unusable") return unusableGrader(schema.problems);
  const wrongIn = (span: Span) => wrongWith(span.call?.arguments ?? {}, expected, schema?.value);
  return async ({ trajectory }) => {
    const calls = trajectory.spans.filter(
      ({ call }) => call !== undefined && matchesWildcard(call.tool, expected.tool),
    );
    const meant = meantCalls(calls, expected.call);
    const [first] = meant;
    if (first === undefined) return notCalled(expected, calls.length);
    const wrong = meant.map((span) => ({ span, differs: wrongIn(span) }));
    const broken = wrong.find(({ differs }) => differs.length > 0);
    const isHeld =
      expected.call === "any" ? wrong.some(({ differs }) => differs.length === 0) : broken === undefined;
    if (broken === undefined || isHeld)
      return { kind: "pass", because: heldText(expected), spanId: first.id };
    return {
      kind: "fail",
      because: `${broken.span.name}: ${broken.differs.join("; ")}`,
      expected: expectedText(expected),
      observed: excerpt(canonicalJson(broken.span.call?.arguments ?? {})),
      spanId: broken.span.id,
    };
  };
}

function meantCalls(calls: readonly Span[], which: ExpectedInput["call"]): readonly Span[] {
  if (typeof which !== "number") return calls;
  const call = which < 0 ? calls.at(which) : calls[which - 1];
  return call === undefined ? [] : [call];
}

function wrongWith(
  made: JsonObject,
  expected: ExpectedInput,
  schema: SchemaTest | undefined,
): readonly string[] {
  const { includes, equals, defaults = {}, ignore = [] } = expected;
  const full = filled(made, defaults);
  const given = without(full, ignore);
  const misfit = schema?.(full);
  return [
    ...(includes === undefined ? [] : partsWhere(without(includes, ignore), given, "among others")),
    ...(equals === undefined ? [] : partsWhere(without(filled(equals, defaults), ignore), given, "exactly")),
    ...(misfit === undefined ? [] : [`it does not fit the schema: ${misfit}`]),
  ];
}

function partsWhere(
  wanted: JsonObject,
  given: JsonObject,
  how: "exactly" | "among others",
): readonly string[] {
  const isEqual = how === "exactly" ? jsonEquals(given, wanted) : jsonIncludes(given, wanted);
  return isEqual ? [] : argumentDifferences(wanted, given, how);
}

/** What the call leaves out counts as given with its default. */
function filled(made: JsonObject, defaults: JsonObject): JsonObject {
  const added = Object.entries(defaults).map(([key, value]) => {
    const own = Object.hasOwn(made, key) ? made[key] : undefined;
    if (own === undefined) return [key, value] as const;
    return [key, isJsonObject(own) && isJsonObject(value) ? filled(own, value) : own] as const;
  });
  return { ...made, ...Object.fromEntries(added) };
}

function without(value: JsonObject, paths: readonly string[]): JsonObject {
  return paths.reduce((here, path) => withoutPath(here, path.split(".")), value);
}

function withoutPath(value: JsonObject, [step = "", ...rest]: readonly string[]): JsonObject {
  const kept = Object.entries(value).flatMap(([key, member]) => {
    if (step !== "*" && step !== key) return [[key, member] as const];
    return rest.length === 0 ? [] : [[key, withoutInside(member, rest)] as const];
  });
  return Object.fromEntries(kept);
}

function withoutInside(value: JsonValue, steps: readonly string[]): JsonValue {
  if (isJsonObject(value)) return withoutPath(value, steps);
  if (!Array.isArray(value)) return value;
  const [step = "", ...rest] = steps;
  const items: readonly JsonValue[] = value;
  return items.map((item, index) => {
    if (step !== "*" && step !== String(index)) return item;
    // A list keeps its places: what does not matter stands there as nothing.
    return rest.length === 0 ? null : withoutInside(item, rest);
  });
}

function notCalled(expected: ExpectedInput, calls: number): Grade {
  const because =
    calls === 0 ? `${expected.tool} was never called` : `${expected.tool} was called ${calls} times only`;
  return {
    kind: "fail",
    because,
    expected: expectedText(expected),
    observed: `${calls} calls of ${expected.tool}`,
  };
}

function heldText(expected: ExpectedInput): string {
  return `${whichText(expected)} was given what is expected`;
}

function expectedText(expected: ExpectedInput): string {
  const { includes, equals, json_schema } = expected;
  const parts = [
    ...(includes === undefined ? [] : [`hold ${canonicalJson(includes)}`]),
    ...(equals === undefined ? [] : [`be given exactly ${canonicalJson(equals)}`]),
    ...(json_schema === undefined ? [] : [`fit the schema ${canonicalJson(json_schema)}`]),
  ];
  return `${whichText(expected)} to ${excerpt(parts.join(" and ") || "occur")}`;
}

function whichText({ tool, call = "every" }: ExpectedInput): string {
  return typeof call === "string" ? `${call} call of ${tool}` : `call ${call} of ${tool}`;
}
