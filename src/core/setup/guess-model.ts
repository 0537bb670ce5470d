import type { Provider } from "../agent/named-model.ts";
import { isJsonObject, type JsonValue } from "../json.ts";
import { readDataFile } from "../text/data-file.ts";

const DEPTH_MAX = 3;
const PLAIN_KEY = /^[A-Za-z0-9_-]{1,64}$/;
const MODEL_NAME = /^(?:claude-|gpt-|chatgpt-|o[1-9](?:-|$))[A-Za-z0-9._:-]{0,80}$/;
const NAME_IN_SOURCE = /["'`]((?:claude-|gpt-|chatgpt-)[A-Za-z0-9._:-]{1,80})["'`]/;
const PARAMETER_KEYS: readonly string[] = ["parameters", "params", "model_parameters"];

/** A model and where it was found. */
export interface GuessedModel {
  readonly name: string;
  readonly provider: Provider;
  readonly path: string;
  /** Where in a file of data it stands; undefined in a source. */
  readonly keys?: { readonly model: string; readonly parameters: string | undefined };
}

/** Finds a model in a file: under a key of a file of data, or quoted in a source. */
export function findModel(path: string, text: string): GuessedModel | undefined {
  const read = readDataFile(path, text);
  if (read.kind === "parsed") return findKey(path, read.value, []);
  const name = NAME_IN_SOURCE.exec(text)?.[1];
  return name === undefined || /\.(json|ya?ml|toml|md)$/.test(path)
    ? undefined
    : { name, provider: providerOf(name), path };
}

function findKey(path: string, value: JsonValue, above: readonly string[]): GuessedModel | undefined {
  if (!isJsonObject(value) || above.length >= DEPTH_MAX) return undefined;
  for (const [key, member] of Object.entries(value)) {
    if (!PLAIN_KEY.test(key)) continue;
    if (typeof member === "string" && /model|name/i.test(key) && MODEL_NAME.test(member)) {
      const beside = PARAMETER_KEYS.find((name) => isJsonObject(value[name]));
      const at = (name: string): string => [...above, name].join(".");
      const parameters = beside === undefined ? undefined : at(beside);
      return { name: member, provider: providerOf(member), path, keys: { model: at(key), parameters } };
    }
    const inside = findKey(path, member, [...above, key]);
    if (inside !== undefined) return inside;
  }
  return undefined;
}

function providerOf(name: string): Provider {
  return name.startsWith("claude-") ? "anthropic" : "openai";
}
