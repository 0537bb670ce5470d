import type { DeclarativeConfig } from "../config/config.ts";
import { isJsonObject, type JsonObject } from "../json.ts";
import { type Parsed, type Problem, parsed, unusable } from "../problem.ts";
import { shownValue } from "../schema-problems.ts";
import { readDataFile, valueAtKey } from "../text/data-file.ts";

const MODEL_LENGTH_MAX = 200;

/** A model with what is passed to its API along with every request. */
export interface ModelChoice {
  readonly model: string;
  readonly parameters: JsonObject;
}

/** Reads which model an agent uses; `textOf` gives the content of a file of the commit. */
export function readModel(
  config: DeclarativeConfig,
  textOf: (path: string) => Parsed<string>,
): Parsed<ModelChoice> {
  if (typeof config.model === "string") {
    return parsed({ model: config.model, parameters: config.parameters ?? {} });
  }
  const { file, key, parameters: parametersKey } = config.model;
  const text = textOf(file);
  if (text.kind === "unusable") return text;
  const read = readDataFile(file, text.value);
  if (read.kind === "unusable") return read;

  const model = valueAtKey(read.value, key);
  // An agent may well have no parameters at all.
  const parameters = parametersKey === undefined ? {} : (valueAtKey(read.value, parametersKey) ?? {});
  const problems: Problem[] = [];
  if (typeof model !== "string" || model === "" || model.length > MODEL_LENGTH_MAX) {
    problems.push({ at: `${file}: ${key}`, expected: "the name of a model", got: shownValue(model) });
  }
  if (!isJsonObject(parameters)) {
    const at = `${file}: ${parametersKey}`;
    problems.push({ at, expected: "a mapping of parameters", got: shownValue(parameters) });
  }
  if (problems.length > 0 || typeof model !== "string" || !isJsonObject(parameters))
    return unusable(problems);
  return parsed({ model, parameters });
}
