import { RE2JS } from "re2js";
import { isJsonObject, type JsonObject, type JsonValue } from "../../core/json.ts";
import { argumentAt, type Conversation, resultAt } from "./conversation.ts";

const PLACE = /\{\{([a-z_]+)([.:])((?:[^{}]|\{[^{}]*\})+)\}\}/g;
const WHOLE_PLACE = /^\{\{([a-z_]+)([.:])((?:[^{}]|\{[^{}]*\})+)\}\}$/;

/** A template asks for something that the conversation does not hold. */
export class NothingToCopy extends Error {
  constructor(place: string) {
    super(`the conversation holds nothing for ${place}`);
    this.name = "NothingToCopy";
  }
}

function fillTemplate(value: JsonValue, seen: Conversation): JsonValue {
  if (typeof value === "string") return fillString(value, seen);
  if (Array.isArray(value)) return value.map((item) => fillTemplate(item, seen));
  return isJsonObject(value) ? fillObject(value, seen) : value;
}

/**
 * Fills in every string of an object, its keys left alone. Throws NothingToCopy where there is nothing to copy.
 *
 * `{{args.tool.path}}` and `{{result.tool.path}}` take the latest call's arguments and answer,
 * `{{regex:…}}` the first match in what the user wrote (the newest text first, then the system prompt),
 * `{{result_regex:…}}` the first match in the tools' answers (the newest first).
 * `{{… | other}}` gives a text for when there is nothing.
 */
export function fillObject(value: JsonObject, seen: Conversation): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, fillTemplate(member, seen)]));
}

/** Fills in a text; a copied value that is not text is written as JSON. */
export function fillText(text: string, seen: Conversation): string {
  const filled = fillString(text, seen);
  return typeof filled === "string" ? filled : JSON.stringify(filled);
}

function fillString(text: string, seen: Conversation): JsonValue {
  const whole = WHOLE_PLACE.exec(text);
  // A string that is one place and nothing else keeps the copied value's type.
  if (whole !== null) return copied(whole[1] ?? "", whole[3] ?? "", seen);
  return text.replaceAll(PLACE, (_all, source: string, _sign, what: string) => {
    const value = copied(source, what, seen);
    return typeof value === "string" ? value : JSON.stringify(value);
  });
}

function copied(source: string, what: string, seen: Conversation): JsonValue {
  const [wanted = "", otherwise] = what.split(" | ");
  const found = lookUp(source, wanted.trim(), seen) ?? otherwise?.trim();
  if (found === undefined) throw new NothingToCopy(`{{${source} ${what}}}`);
  return found;
}

function lookUp(source: string, wanted: string, seen: Conversation): JsonValue | undefined {
  switch (source) {
    case "args":
      return argumentAt(seen, wanted);
    case "result":
      return resultAt(seen, wanted);
    case "regex":
      return firstMatch(wanted, [...seen.userTexts.toReversed(), seen.system]);
    case "result_regex":
      return firstMatch(wanted, seen.results.map((result) => result.text).toReversed());
    default:
      return undefined;
  }
}

function firstMatch(pattern: string, texts: readonly string[]): string | undefined {
  const compiled = RE2JS.compile(pattern);
  for (const text of texts) {
    const matcher = compiled.matcher(text);
    if (matcher.find()) return matcher.group() ?? undefined;
  }
  return undefined;
}
