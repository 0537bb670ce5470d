import { canonicalJson, type JsonObject, jsonIncludes } from "../json.ts";
import { excerpt } from "./excerpt.ts";
import type { Grader } from "./grader.ts";

/** A tool and what each call of it must hold. */
export interface ToolArguments {
  readonly tool: string;
  readonly holds: JsonObject;
}

/** Passes when the tool was called and every call of it held these arguments. */
export function toolArguments({ tool, holds }: ToolArguments): Grader {
  const expected = `every call of ${tool} to hold ${excerpt(canonicalJson(holds))}`;
  return async ({ trajectory }) => {
    const spans = trajectory.spans.filter(({ call }) => call?.tool === tool);
    if (spans.length === 0) {
      return { kind: "fail", because: `${tool} was never called`, expected, observed: `no call of ${tool}` };
    }
    const wrong = spans.find(({ call }) => !jsonIncludes(call?.arguments, holds));
    if (wrong === undefined) return { kind: "pass", because: `every call of ${tool} held these arguments` };
    return {
      kind: "fail",
      because: `${tool} was called with other arguments`,
      expected,
      observed: excerpt(canonicalJson(wrong.call?.arguments ?? {})),
      spanId: wrong.id,
    };
  };
}
