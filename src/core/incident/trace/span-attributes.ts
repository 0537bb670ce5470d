import { isJsonObject, type JsonObject, type JsonValue } from "../../json.ts";
import { objectsOf } from "../read-json.ts";

const DEPTH_MAX = 16;
const KEYS_MAX = 20_000;
const ITEMS_MAX = 2_000;

/** Reads the attributes of a span: OTLP's list of typed values, tags with plain ones, or a mapping. */
export function readAttributes(value: JsonValue | undefined): JsonObject {
  if (isJsonObject(value)) return value;
  const entries = objectsOf(value)
    .slice(0, KEYS_MAX)
    .flatMap((attribute): [string, JsonValue][] => {
      const key = attribute.key ?? attribute.Key;
      const told = attribute.value ?? attribute.Value;
      if (typeof key !== "string" || told === undefined) return [];
      return [[key, isJsonObject(told) ? readTyped(told, 0) : told]];
    });
  return Object.fromEntries(entries);
}

/** Reads a value as OTLP types it, such as `{"intValue": "5"}`. */
export function readTyped(typed: JsonObject, depth: number): JsonValue {
  if (depth > DEPTH_MAX) return null;
  const whole = typed.intValue ?? typed.int_value;
  if (whole !== undefined) return Number(whole);
  const list = typed.arrayValue ?? typed.array_value;
  if (isJsonObject(list)) return objectsOf(list.values).map((item) => readTyped(item, depth + 1));
  const members = typed.kvlistValue ?? typed.kvlist_value;
  if (isJsonObject(members)) return readMembers(members.values, depth);
  return (
    typed.stringValue ??
    typed.string_value ??
    typed.boolValue ??
    typed.bool_value ??
    typed.doubleValue ??
    typed.double_value ??
    typed.Value ??
    null
  );
}

function readMembers(values: JsonValue | undefined, depth: number): JsonObject {
  return Object.fromEntries(
    objectsOf(values)
      .slice(0, KEYS_MAX)
      .flatMap(({ key, value }) =>
        typeof key === "string" && isJsonObject(value) ? [[key, readTyped(value, depth + 1)]] : [],
      ),
  );
}

/** Gives the first of these attributes that there is: under its own key, spread over keys that begin with it, or nested. */
export function attributeOf(attributes: JsonObject, ...keys: readonly string[]): JsonValue | undefined {
  for (const key of keys) {
    const found = own(attributes, key) ?? spread(attributes, key) ?? nested(attributes, key);
    if (found !== undefined && found !== null && found !== "") return found;
  }
  return undefined;
}

function own(object: JsonObject, key: string): JsonValue | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** Puts together what instrumentations write as `llm.input_messages.0.message.role`. */
function spread(attributes: JsonObject, prefix: string): JsonValue | undefined {
  const start = `${prefix}.`;
  const parts = Object.entries(attributes).filter(
    ([key]) => key.startsWith(start) && /^\d/.test(key.slice(start.length)),
  );
  if (parts.length === 0) return undefined;
  const root: Node = new Map();
  for (const [key, value] of parts.slice(0, KEYS_MAX)) put(root, key.slice(start.length).split("."), value);
  return built(root);
}

type Node = Map<string, Node | { readonly leaf: JsonValue }>;

function put(root: Node, path: readonly string[], value: JsonValue): void {
  let node = root;
  for (const [index, part] of path.slice(0, DEPTH_MAX).entries()) {
    if (index === path.length - 1) {
      if (!node.has(part)) node.set(part, { leaf: value });
      return;
    }
    const known = node.get(part);
    const next: Node = known instanceof Map ? known : new Map();
    node.set(part, next);
    node = next;
  }
}

function built(node: Node): JsonValue {
  const members = [...node].map(([key, member]): [string, JsonValue] => [
    key,
    member instanceof Map ? built(member) : member.leaf,
  ]);
  if (!members.every(([key]) => /^\d{1,6}$/.test(key))) return Object.fromEntries(members);
  return members
    .toSorted(([a], [b]) => Number(a) - Number(b))
    .slice(0, ITEMS_MAX)
    .map(([, member]) => member);
}

function nested(attributes: JsonObject, key: string): JsonValue | undefined {
  let value: JsonValue | undefined = attributes;
  for (const part of key.split(".")) {
    if (!isJsonObject(value)) return undefined;
    value = own(value, part);
  }
  return value;
}
