import { canonicalJson, type JsonObject, type JsonValue } from "../json.ts";
import { compileJsonSchema } from "../json-schema.ts";
import { type Parsed, parsed, unusable } from "../problem.ts";
import { excerpt } from "./excerpt.ts";
import type { Grader } from "./grader.ts";
import { unusableGrader } from "./ungraded.ts";
import { onWholeAnswer } from "./whole-answer.ts";

/** Passes when the answer, read as JSON, fits the schema. */
export function jsonSchema(schema: JsonObject): Grader {
  const compiledSchema = compileJsonSchema(schema);
  if (compiledSchema.kind === "unusable") return unusableGrader(compiledSchema.problems);
  const wrongIn = compiledSchema.value;
  return onWholeAnswer("pass", async ({ trajectory }) => {
    const read = readJson(trajectory.output);
    const wrong = read.kind === "parsed" ? wrongIn(read.value) : "it is not JSON";
    if (wrong === undefined) return { kind: "pass", because: "the answer is JSON that fits the schema" };
    return {
      kind: "fail",
      because: `the answer does not fit the schema: ${wrong}`,
      expected: `JSON that fits the schema ${excerpt(canonicalJson(schema))}`,
      observed: excerpt(trajectory.output),
    };
  });
}

function readJson(text: string): Parsed<JsonValue> {
  try {
    return parsed(JSON.parse(text));
  } catch {
    return unusable([{ at: "output", expected: "JSON", got: excerpt(text) }]);
  }
}
