import { isNamed } from "../trajectory/trajectory.ts";
import type { Grader } from "./grader.ts";
import { stepsText } from "./steps.ts";

/** Passes when no span of this name occurs; a captured side effect counts as much as an executed one. */
export function forbiddenSpan(name: string): Grader {
  return async ({ trajectory }) => {
    const span = trajectory.spans.find((candidate) => isNamed(candidate, name));
    if (span === undefined) return { kind: "pass", because: `${name} did not occur` };
    const effect = span.sideEffect === undefined ? "" : ` (side effect: ${span.sideEffect})`;
    return {
      kind: "fail",
      because: `${name} occurred${effect}`,
      expected: `no ${name}`,
      observed: stepsText(trajectory),
      spanId: span.id,
    };
  };
}
