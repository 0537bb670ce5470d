import { z } from "zod";
import { isJsonObject, type JsonObject, type JsonValue, jsonObject } from "./json.ts";
import { type PathStep, pathText } from "./path-text.ts";
import type { Problem } from "./problem.ts";
import { nearestWord } from "./text/nearest-word.ts";

const PROBLEMS_MAX = 50;
const GOT_LENGTH_MAX = 80;
const SCHEMA_DEPTH_MAX = 60;

type Issue = z.core.$ZodIssue;

/** What a schema was asked about, so that its issues can be told in the words of the file. */
export interface Judged {
  readonly schema: z.ZodType;
  readonly value: JsonValue;
  /** One-based line of each path, where known. */
  readonly lines?: ReadonlyMap<string, number>;
}

/** Says each issue of a schema with its path, its line, what is expected there and what stands there. */
export function schemaProblems(issues: readonly Issue[], judged: Judged): readonly Problem[] {
  return issues.flatMap((issue) => problemsOf(issue, [], judged)).slice(0, PROBLEMS_MAX);
}

/** Shows a value in one short line. */
export function shownValue(value: JsonValue | undefined): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value);
  return text.length <= GOT_LENGTH_MAX ? text : `${text.slice(0, GOT_LENGTH_MAX - 1)}…`;
}

function problemsOf(issue: Issue, above: readonly PathStep[], judged: Judged): readonly Problem[] {
  const path = [...above, ...issue.path.map((step) => (typeof step === "number" ? step : String(step)))];
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => unknownKey(key, path, judged));
  }
  if (issue.code === "invalid_union") {
    const meant = meantOption(issue.errors);
    if (meant !== undefined) return meant.flatMap((inner) => problemsOf(inner, path, judged));
  }
  const value = valueAt(judged.value, path);
  return [problemAt(path, expectedBy(issue), shownValue(value) + nearestHint(issue, value), judged)];
}

/** Names the legal word that a mistyped one is nearest to. */
function nearestHint(issue: Issue, value: JsonValue | undefined): string {
  if (issue.code !== "invalid_value" || typeof value !== "string") return "";
  const near = nearestWord(value, issue.values.map(String));
  return near === undefined ? "" : ` (did you mean ${near}?)`;
}

function problemAt(path: readonly PathStep[], expected: string, got: string, judged: Judged): Problem {
  const at = path.length === 0 ? "the file" : pathText(path);
  const line = nearestLine(path, judged);
  return line === undefined ? { at, expected, got } : { at, expected, got, line };
}

/** A missing key has no line of its own; the place that lacks it has one. */
function nearestLine(path: readonly PathStep[], judged: Judged): number | undefined {
  if (judged.lines === undefined) return undefined;
  for (let length = path.length; length > 0; length -= 1) {
    const line = judged.lines.get(pathText(path.slice(0, length)));
    if (line !== undefined) return line;
  }
  return 1;
}

function valueAt(value: JsonValue, path: readonly PathStep[]): JsonValue | undefined {
  return path.reduce<JsonValue | undefined>((here, step) => {
    if (Array.isArray(here)) return here[Number(step)];
    return isJsonObject(here) && Object.hasOwn(here, step) ? here[step] : undefined;
  }, value);
}

function unknownKey(key: string, path: readonly PathStep[], judged: Judged): Problem {
  const known = knownKeys(judged, path);
  const near = nearestWord(key, known);
  const expected = near === undefined ? `one of the keys ${known.join(", ")}` : `the key ${near}`;
  return problemAt([...path, key], expected, `the unknown key ${shownValue(key)}`, judged);
}

/** The alternative whose shape the person chose: the one that the value does not already miss at its root. */
function meantOption(options: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const shaped = options.filter((issues) => !issues.some(missesAtRoot));
  return shaped.sort((a, b) => wrongWords(a) - wrongWords(b) || a.length - b.length)[0];
}

/** Counts the words that tell alternatives apart, such as a target, and that are not as the alternative has them. */
function wrongWords(issues: readonly Issue[]): number {
  return issues.filter(({ code, path }) => code === "invalid_value" && path.length === 1).length;
}

function missesAtRoot(issue: Issue): boolean {
  return issue.path.length === 0 && (issue.code === "invalid_type" || issue.code === "invalid_value");
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  object: "a mapping",
  record: "a mapping",
  array: "a list",
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
};

function expectedBy(issue: Issue): string {
  switch (issue.code) {
    case "invalid_type":
      return TYPE_WORDS[issue.expected] ?? issue.expected;
    case "invalid_value":
      return issue.values.map(String).join(" | ");
    case "too_small":
      return sizeWords("at least", Number(issue.minimum), issue.origin, issue.inclusive ?? true);
    case "too_big":
      return sizeWords("at most", Number(issue.maximum), issue.origin, issue.inclusive ?? true);
    case "invalid_format":
      return formatWords(issue);
    case "invalid_key":
      return issue.issues.map(expectedBy).join("; ");
    case "invalid_union":
      return unionWords(issue);
    default:
      return ownWords(issue.message);
  }
}

function sizeWords(side: "at least" | "at most", limit: number, origin: string, inclusive: boolean): string {
  if (origin === "string")
    return limit === 1 && side === "at least" ? "some text" : `${side} ${limit} characters`;
  if (origin === "array") return `${side} ${limit} ${limit === 1 ? "item" : "items"}`;
  if (inclusive) return `a number of ${side} ${limit}`;
  return `a number ${side === "at least" ? "above" : "below"} ${limit}`;
}

function formatWords(issue: Extract<Issue, { code: "invalid_format" }>): string {
  if (issue.format === "date") return "a day such as 2026-04-18";
  if (issue.message.startsWith("Invalid")) return `text that matches ${issue.pattern ?? issue.format}`;
  return ownWords(issue.message);
}

function unionWords(issue: Extract<Issue, { code: "invalid_union" }>): string {
  const words = issue.errors.flatMap((errors) => errors.filter(missesAtRoot).map(expectedBy));
  return [...new Set(words)].join(" or ") || ownWords(issue.message);
}

function ownWords(message: string): string {
  return message.replace(/^expected /, "");
}

function knownKeys(judged: Judged, path: readonly PathStep[]): readonly string[] {
  const root = jsonObject.parse(z.toJSONSchema(judged.schema, { io: "input", unrepresentable: "any" }));
  const places = path.reduce<readonly JsonObject[]>(
    (here, step) => here.flatMap((schema) => schemasInside(schema, step, root)),
    alternatives(root, root, 0),
  );
  return [...new Set(places.flatMap((schema) => Object.keys(objectOf(schema.properties))))];
}

function schemasInside(schema: JsonObject, step: PathStep, root: JsonObject): readonly JsonObject[] {
  const inner =
    typeof step === "number"
      ? objectOf(schema.items)
      : objectOf(objectOf(schema.properties)[step] ?? schema.additionalProperties);
  return alternatives(inner, root, 0);
}

function alternatives(schema: JsonObject, root: JsonObject, depth: number): readonly JsonObject[] {
  if (depth > SCHEMA_DEPTH_MAX) return [];
  if (typeof schema.$ref === "string") {
    const name = schema.$ref.replace("#/$defs/", "");
    return alternatives(objectOf(objectOf(root.$defs)[name]), root, depth + 1);
  }
  const options = [schema.anyOf, schema.oneOf, schema.allOf].flatMap((list) =>
    Array.isArray(list) ? list : [],
  );
  return [schema, ...options.flatMap((option) => alternatives(objectOf(option), root, depth + 1))];
}

function objectOf(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}
