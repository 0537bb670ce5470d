import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import { canonicalJson, isDeeperThan, type JsonObject, type JsonValue } from "./json.ts";
import { type Parsed, parsed, problemText, unusable } from "./problem.ts";
import { compilePattern } from "./text/linear-pattern.ts";

const SCHEMA_LENGTH_MAX = 50_000;
const SCHEMA_DEPTH_MAX = 32;
const MESSAGE_LENGTH_MAX = 300;

/** Says what is wrong with a value, or undefined where it fits the schema. */
export type SchemaTest = (value: JsonValue) => string | undefined;

/** Compiles a JSON schema (draft 7, or 2020-12 where it says so); references to elsewhere are not followed. */
export function compileJsonSchema(schema: JsonObject): Parsed<SchemaTest> {
  if (isDeeperThan(schema, SCHEMA_DEPTH_MAX)) {
    return badSchema(`a schema of at most ${SCHEMA_DEPTH_MAX} levels`, "a deeper one");
  }
  const { length } = canonicalJson(schema);
  if (length > SCHEMA_LENGTH_MAX) {
    return badSchema(`a schema of at most ${SCHEMA_LENGTH_MAX} characters`, `${length} characters`);
  }
  const { $schema, ...rules } = schema;
  const isDraft2020 = String($schema ?? "").includes("2020-12");
  // A compiler of its own for each: a schema may name itself like another one, or like the language it is written in.
  const ajv = isDraft2020 ? new Ajv2020(AJV_OPTIONS) : new Ajv(AJV_OPTIONS);
  try {
    const validate = ajv.compile(rules);
    return parsed((value) => wrongWith(validate, value));
  } catch (error) {
    return badSchema(
      "a JSON schema",
      error instanceof Error ? error.message.slice(0, MESSAGE_LENGTH_MAX) : String(error),
    );
  }
}

function wrongWith(validate: ValidateFunction, value: JsonValue): string | undefined {
  try {
    return validate(value) ? undefined : errorsText(validate.errors ?? []);
  } catch (error) {
    // A schema may refer to itself without end; the value then fits no more than any other.
    if (error instanceof RangeError) return "the schema refers to itself without end";
    throw error;
  }
}

function errorsText(errors: readonly ErrorObject[]): string {
  const first = errors[0];
  if (first === undefined) return "no reason given";
  return `${first.instancePath === "" ? "it" : first.instancePath} ${first.message ?? "does not fit"}`;
}

function badSchema(expected: string, got: string): Parsed<never> {
  return unusable([{ at: "json_schema", expected, got }]);
}

/** Gives Ajv patterns that match in linear time, whoever wrote them. */
function linearRegExp(source: string): { readonly test: (text: string) => boolean } {
  const pattern = compilePattern(source);
  if (pattern.kind === "parsed") return pattern.value;
  throw new Error(pattern.problems.map(problemText).join("; "));
}

const AJV_OPTIONS = {
  strict: false,
  logger: false,
  code: { regExp: Object.assign(linearRegExp, { code: "linearRegExp" }) },
} as const;
