import type { Expectation } from "../fixture/fixture.ts";
import { isNamed, type Span } from "../trajectory/trajectory.ts";
import type { Grader } from "./grader.ts";
import { stepsText } from "./steps.ts";

/** An approval that must come before a span. */
export type RequiredApproval = NonNullable<NonNullable<Expectation["trajectory"]>["approval"]>[number];

const IS_IN_STATE: Readonly<Record<RequiredApproval["state"], (span: Span) => boolean>> = {
  granted: ({ status }) => status === "succeeded",
  denied: ({ status }) => status === "denied",
  // Whatever came of it, it was asked for.
  requested: () => true,
};

/** Passes when an approval in this state comes before the first occurrence of the span, or the span does not occur. */
export function approval({ before, state }: RequiredApproval): Grader {
  return async ({ trajectory }) => {
    const { spans } = trajectory;
    const at = spans.findIndex((span) => isNamed(span, before));
    const span = spans[at];
    if (span === undefined) return { kind: "pass", because: `${before} did not occur` };
    const isApproved = spans.slice(0, at).some((one) => one.kind === "approval" && IS_IN_STATE[state](one));
    if (isApproved) return { kind: "pass", because: `approval was ${state} before ${before}` };
    return {
      kind: "fail",
      because: `${before} occurred before approval was ${state}`,
      expected: `approval ${state} before ${before}`,
      observed: stepsText(trajectory),
      spanId: span.id,
    };
  };
}
