import { isJsonObject, type JsonValue } from "../json.ts";
import { stepInto } from "../path-text.ts";
import { type Parsed, type Problem, parsed, unusable } from "../problem.ts";
import { shownValue } from "../schema-problems.ts";
import { readDataFile } from "../text/data-file.ts";
import type { ToolDefinition } from "./agent.ts";

const TOOLS_MAX = 200;
const TOOL_NAME = /^[A-Za-z0-9_-]{1,128}$/;

/** Reads a tool manifest: an array of tool definitions as the Messages API or chat completions take them, each name once. */
export function readTools(path: string, text: string): Parsed<readonly ToolDefinition[]> {
  const read = readDataFile(path, text);
  if (read.kind === "unusable") return read;
  if (!Array.isArray(read.value)) {
    return unusable([{ at: path, expected: "an array of tool definitions", got: shownValue(read.value) }]);
  }
  const items: readonly JsonValue[] = read.value.map(plainTool);
  if (items.length > TOOLS_MAX) {
    return unusable([{ at: path, expected: `at most ${TOOLS_MAX} tools`, got: `${items.length}` }]);
  }
  const tools = items.map((item, index) => readTool(item, stepInto(path, index)));
  const problems = [
    ...tools.flatMap((tool) => (tool.kind === "unusable" ? tool.problems : [])),
    ...duplicates(items, path),
  ];
  if (problems.length > 0) return unusable(problems);
  return parsed(tools.flatMap((tool) => (tool.kind === "parsed" ? [tool.value] : [])));
}

/** Takes a tool out of the wrapping that chat completions and the Responses API put it in. */
function plainTool(item: JsonValue): JsonValue {
  if (!isJsonObject(item) || item.type !== "function") return item;
  const wrapped = isJsonObject(item.function) ? item.function : item;
  const { type: _, parameters = { type: "object" }, ...tool } = wrapped;
  return { input_schema: parameters, ...tool };
}

function readTool(item: JsonValue, at: string): Parsed<ToolDefinition> {
  if (!isJsonObject(item)) return unusable([{ at, expected: "a tool definition", got: shownValue(item) }]);
  const { name, description, input_schema: schema } = item;
  const problems: Problem[] = [];
  if (typeof name !== "string" || !TOOL_NAME.test(name)) {
    const expected = "letters, digits, _ and -, at most 128";
    problems.push({ at: `${at}.name`, expected, got: shownValue(name) });
  }
  if (description !== undefined && typeof description !== "string") {
    problems.push({ at: `${at}.description`, expected: "text", got: shownValue(description) });
  }
  if (!isJsonObject(schema)) {
    problems.push({ at: `${at}.input_schema`, expected: "a JSON schema", got: shownValue(schema) });
  }
  if (problems.length > 0 || typeof name !== "string" || !isJsonObject(schema)) return unusable(problems);
  return parsed({ ...item, name, input_schema: schema });
}

function duplicates(items: readonly JsonValue[], path: string): readonly Problem[] {
  const seen = new Set<string>();
  return items.flatMap((item, index) => {
    const name = isJsonObject(item) ? item.name : undefined;
    if (typeof name !== "string") return [];
    if (!seen.has(name)) {
      seen.add(name);
      return [];
    }
    return [{ at: `${stepInto(path, index)}.name`, expected: "each tool once", got: `${name} again` }];
  });
}
