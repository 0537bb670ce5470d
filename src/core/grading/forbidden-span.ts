import { onlyIfDelivered } from "./deliverable.ts";
import type { Grader } from "./grader.ts";
import { spanTest } from "./span-test.ts";
import { stepsText } from "./steps.ts";

/** Passes when no span of this name occurs; a captured side effect counts as much as an executed one. */
export function forbiddenSpan(name: string): Grader {
  const { kinds, isMeant } = spanTest(name);
  return onlyIfDelivered(kinds, async ({ trajectory }) => {
    const span = trajectory.spans.find(isMeant);
    if (span === undefined) return { kind: "pass", because: `${name} did not occur` };
    const effect = span.sideEffect === undefined ? "" : ` (side effect: ${span.sideEffect})`;
    const told = name.includes("*") ? `: ${span.name}` : "";
    return {
      kind: "fail",
      because: `${name} occurred${told}${effect}`,
      expected: `no ${name}`,
      observed: stepsText(trajectory),
      spanId: span.id,
    };
  });
}
