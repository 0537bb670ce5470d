import { readFileSync } from "node:fs";
import { Ajv, type ValidateFunction } from "ajv";
import { z } from "zod";
import { isJsonObject, type JsonObject, type JsonValue, jsonObject } from "../../src/core/json.ts";

const PER_PAGE_MAX = 100;

const parameterSchema = z.object({
  name: z.string(),
  in: z.enum(["path", "query", "header"]),
  required: z.boolean().default(false),
  manySegments: z.boolean().default(false),
  schema: jsonObject,
});
const operationSchema = z.object({
  parameters: z.array(parameterSchema),
  body: jsonObject.optional(),
  bodyRequired: z.boolean().default(false),
  answer: jsonObject.optional(),
});
type Operation = z.output<typeof operationSchema>;

const cut = z
  .object({
    operations: z.record(z.string(), operationSchema),
    webhooks: z.record(z.string(), jsonObject),
    schemas: jsonObject,
  })
  .parse(JSON.parse(readFileSync(new URL("github-openapi.json", import.meta.url), "utf8")));

/** A request, as far as GitHub's description speaks of it. */
interface Asked {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly body: string;
}

interface Known {
  readonly name: string;
  readonly operation: Operation;
  readonly method: string;
  readonly pattern: RegExp;
}

const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
const validators = new Map<string, ValidateFunction>();
const known = Object.entries(cut.operations)
  .map(([name, operation]) => knownOperation(name, operation))
  // The path that says more in words is the more exact one.
  .sort((one, other) => wordsIn(other.name) - wordsIn(one.name));

/** Says everything in which a request differs from what GitHub's description allows; nothing where it is right. */
export function violationsOf(request: Asked): readonly string[] {
  const [asked = "", query = ""] = request.path.split("?");
  // Where a repository was renamed, GitHub sends its clients here.
  const path = asked.replace(/^\/repositories\/\d+/, "/repos/some/repository");
  const found = known.find(({ method, pattern }) => method === request.method && pattern.test(path));
  if (found === undefined) return [`${request.method} ${asked}: GitHub's description has no such operation`];
  const problems = [
    ...pathProblems(found, path),
    ...queryProblems(found.operation, new URLSearchParams(query)),
    ...bodyProblems(found.operation, request.body),
  ];
  return problems.map((problem) => `${request.method} ${asked}: ${problem}`);
}

/** Says in what an answer differs from the shape that GitHub describes for this operation. */
export function answerProblems(operation: string, answer: JsonValue): readonly string[] {
  const schema = cut.operations[operation]?.answer;
  if (schema === undefined) throw new Error(`the answer of ${operation} is not part of the description here`);
  return schemaProblems(schema, answer, "the answer");
}

/** Says in what a webhook's payload differs from the shape that GitHub describes. */
export function webhookProblems(event: string, payload: JsonValue): readonly string[] {
  const schema = cut.webhooks[event];
  if (schema === undefined) throw new Error(`the event ${event} is not part of the description here`);
  return schemaProblems(schema, payload, "the payload");
}

function wordsIn(name: string): number {
  return name.replaceAll(/\{\w+\}/g, "").length;
}

function knownOperation(name: string, operation: Operation): Known {
  const [method = "", path = ""] = name.split(" ");
  const pattern = path.replaceAll(/\{(\w+)\}/g, (_, place: string) => {
    const parameter = operation.parameters.find((one) => one.name === place && one.in === "path");
    return `(?<${place}>${parameter?.manySegments === true ? ".+" : "[^/]+"})`;
  });
  return { name, operation, method, pattern: new RegExp(`^${pattern}$`) };
}

function pathProblems({ operation, pattern }: Known, path: string): readonly string[] {
  const places = pattern.exec(path)?.groups ?? {};
  return operation.parameters
    .filter((parameter) => parameter.in === "path")
    .flatMap(({ name, schema }) =>
      schemaProblems(schema, coerced(places[name] ?? "", schema), `the path's ${name}`),
    );
}

function queryProblems(operation: Operation, query: URLSearchParams): readonly string[] {
  const parameters = operation.parameters.filter((parameter) => parameter.in === "query");
  const names = parameters.map(({ name }) => name);
  const unknown = [...query.keys()].filter((name) => !names.includes(name));
  const missing = parameters.filter(({ name, required }) => required && !query.has(name));
  const tooMany = Number(query.get("per_page") ?? 1) > PER_PAGE_MAX;
  return [
    ...unknown.map((name) => `the query has no parameter ${name}`),
    ...missing.map(({ name }) => `the query lacks ${name}`),
    ...(tooMany ? [`per_page is at most ${PER_PAGE_MAX}`] : []),
    ...parameters.flatMap(({ name, schema }) => {
      const value = query.get(name);
      return value === null ? [] : schemaProblems(schema, coerced(value, schema), `the query's ${name}`);
    }),
  ];
}

function bodyProblems({ body: schema, bodyRequired }: Operation, text: string): readonly string[] {
  if (text === "") return bodyRequired ? ["the body is missing"] : [];
  if (schema === undefined) return text === "{}" ? [] : ["it takes no body"];
  const body: unknown = JSON.parse(text);
  return [...unknownMembers(schema, jsonObject.parse(body)), ...schemaProblems(schema, body, "the body")];
}

/** GitHub passes over members that it does not know, so a misspelt one would go unseen. */
function unknownMembers(schema: JsonObject, body: JsonObject): readonly string[] {
  const members = schema.properties;
  if (!isJsonObject(members)) return [];
  return Object.keys(body)
    .filter((name) => members[name] === undefined)
    .map((name) => `the body has no member ${name}`);
}

function schemaProblems(schema: JsonObject, value: unknown, what: string): readonly string[] {
  const validate = validatorOf(schema);
  if (validate(value)) return [];
  return (validate.errors ?? []).map((error) => `${what}${error.instancePath}: ${error.message ?? ""}`);
}

function validatorOf(schema: JsonObject): ValidateFunction {
  const text = JSON.stringify(schema);
  const known = validators.get(text);
  if (known !== undefined) return known;
  // All that schemas refer to is large, and most do not refer to any of it.
  const validate = ajv.compile(text.includes('"$ref"') ? { schemas: cut.schemas, ...schema } : schema);
  validators.set(text, validate);
  return validate;
}

function coerced(text: string, schema: JsonObject): JsonValue {
  const { type } = schema;
  if (type === "integer" || type === "number") return /^-?\d+$/.test(text) ? Number(text) : text;
  if (type === "boolean") return text === "true" || text === "false" ? text === "true" : text;
  return text;
}
