import { isJsonObject, type JsonObject, type JsonValue, jsonEquals } from "../json.ts";
import { shownValue } from "../schema-problems.ts";

const DIFFERENCES_MAX = 5;

/** Says which parts of a call's arguments are not as they are wanted; `among others` lets the call hold more than that. */
export function argumentDifferences(
  wanted: JsonObject,
  made: JsonObject,
  how: "exactly" | "among others",
): readonly string[] {
  return partsOf(wanted, made, how, "").slice(0, DIFFERENCES_MAX);
}

function partsOf(
  wanted: JsonObject,
  made: JsonObject,
  how: "exactly" | "among others",
  above: string,
): readonly string[] {
  const wrong = Object.entries(wanted).flatMap(([key, value]) => {
    const at = above + key;
    const other = own(made, key);
    if (other === undefined) return [`${at} is missing, where ${shownValue(value)} is wanted`];
    if (isJsonObject(value) && isJsonObject(other)) return partsOf(value, other, how, `${at}.`);
    return jsonEquals(value, other)
      ? []
      : [`${at} is ${shownValue(other)}, where ${shownValue(value)} is wanted`];
  });
  if (how === "among others") return wrong;
  const more = Object.keys(made).filter((key) => own(wanted, key) === undefined);
  return [
    ...wrong,
    ...more.map((key) => `${above}${key} is ${shownValue(own(made, key))}, where nothing is wanted`),
  ];
}

/** Arguments are named by a model: `constructor` is a name like any other. */
function own(values: JsonObject, key: string): JsonValue | undefined {
  return Object.hasOwn(values, key) ? values[key] : undefined;
}
