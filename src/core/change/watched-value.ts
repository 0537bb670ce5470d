import { isJsonObject, type JsonObject, type JsonValue } from "../json.ts";

/** More dots than this are steps only: the names that hold dots are tried in every combination. */
const DOTTED_STEPS_MAX = 8;

/**
 * Reads what lies at a watched key such as `models.refund.name`, in a form that can be compared; undefined where
 * there is nothing.
 *
 * A step into a list is a place (`routes.0.model`, `routes[0].model`) or else means each of its items
 * (`routes.model`). A name may hold dots itself (`gpt-4.1`). Where a plain value stands in the way, it is what
 * counts: whoever reads the key meets it.
 */
export function watchedValue(value: JsonValue, key: string): JsonValue | undefined {
  return readAt(value, key.replace(/\[(\d+|\*)\]/g, ".$1").split("."));
}

function readAt(value: JsonValue, steps: readonly string[]): JsonValue | undefined {
  const [step, ...others] = steps;
  if (step === undefined) return { is: value };
  if (Array.isArray(value)) return readItems(value, step, others);
  if (isJsonObject(value)) return readMember(value, steps);
  return { instead: value };
}

function readItems(
  items: readonly JsonValue[],
  step: string,
  others: readonly string[],
): JsonValue | undefined {
  const place = /^\d+$/.test(step) ? items[Number(step)] : undefined;
  if (/^\d+$/.test(step)) return place === undefined ? undefined : readAt(place, others);
  const rest = step === "*" ? others : [step, ...others];
  return { each: items.map((item) => readAt(item, rest) ?? null) };
}

function readMember(members: JsonObject, steps: readonly string[]): JsonValue | undefined {
  const lengthMax = steps.length > DOTTED_STEPS_MAX ? 1 : steps.length;
  for (let length = lengthMax; length >= 1; length -= 1) {
    const name = steps.slice(0, length).join(".");
    const member = Object.hasOwn(members, name) ? members[name] : undefined;
    const found = member === undefined ? undefined : readAt(member, steps.slice(length));
    if (found !== undefined) return found;
  }
  return undefined;
}
