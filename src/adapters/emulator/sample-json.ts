import { isJsonObject, type JsonObject, type JsonValue } from "../../core/json.ts";

const DEPTH_MAX = 30;
const ITEMS_MAX = 20;
const TEXT_LENGTH_MAX = 1_000;

/** Makes the emptiest value that a JSON schema allows: no items, empty texts, null where it may be null, yes for booleans. */
export function sampleJson(schema: JsonObject): JsonValue {
  return sample(schema, schema, 0);
}

function sample(schema: JsonValue | undefined, root: JsonObject, depth: number): JsonValue {
  if (!isJsonObject(schema) || depth > DEPTH_MAX) return null;
  if (typeof schema.$ref === "string") return sample(resolve(schema.$ref, root), root, depth + 1);
  if (schema.const !== undefined) return schema.const;
  const choices = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(choices)) return sampleOfChoices(choices, root, depth);
  const types = Array.isArray(schema.type) ? schema.type : [schema.type];
  if (types.includes("null")) return null;
  if (Array.isArray(schema.enum)) return schema.enum.includes(null) ? null : (schema.enum[0] ?? null);
  return sampleOfType(String(types[0] ?? "object"), schema, root, depth);
}

function sampleOfChoices(choices: readonly JsonValue[], root: JsonObject, depth: number): JsonValue {
  const mayBeNull = choices.some((choice) => isJsonObject(choice) && choice.type === "null");
  return mayBeNull ? null : sample(choices[0], root, depth + 1);
}

function sampleOfType(type: string, schema: JsonObject, root: JsonObject, depth: number): JsonValue {
  switch (type) {
    case "string":
      return textOfFormat(schema.format).padEnd(
        Math.min(numberOr(schema.minLength, 0), TEXT_LENGTH_MAX),
        "-",
      );
    case "integer":
    case "number":
      return numberOr(schema.minimum, 0);
    case "boolean":
      return true;
    case "array": {
      const length = Math.min(numberOr(schema.minItems, 0), ITEMS_MAX);
      return Array.from({ length }, () => sample(schema.items, root, depth + 1));
    }
    default:
      return sampleOfObject(schema, root, depth);
  }
}

function sampleOfObject(schema: JsonObject, root: JsonObject, depth: number): JsonObject {
  const properties = isJsonObject(schema.properties) ? schema.properties : {};
  const required = Array.isArray(schema.required) ? schema.required.map(String) : [];
  return Object.fromEntries(required.map((name) => [name, sample(properties[name], root, depth + 1)]));
}

function textOfFormat(format: JsonValue | undefined): string {
  return format === "date" ? "2026-01-01" : format === "date-time" ? "2026-01-01T00:00:00Z" : "";
}

function numberOr(value: JsonValue | undefined, otherwise: number): number {
  return typeof value === "number" ? value : otherwise;
}

function resolve(reference: string, root: JsonObject): JsonValue | undefined {
  return reference
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"))
    .reduce<JsonValue | undefined>((at, step) => (isJsonObject(at) ? at[step] : undefined), root);
}
