import type { SpanPattern } from "../fixture/trajectory-expectation.ts";
import { onlyIfDelivered } from "./deliverable.ts";
import type { Grader } from "./grader.ts";
import { spanTest } from "./span-test.ts";
import { stepsText } from "./steps.ts";

/** What went wrong, and what the agent still does after it. */
export interface Recovery {
  readonly from: SpanPattern;
  readonly reaches?: SpanPattern | undefined;
}

/** Passes when after each such call that failed the run goes on and reaches what it should; open where no such call failed. */
export function recovery({ from, reaches }: Recovery): Grader {
  const wrong = spanTest(from);
  const right = spanTest(reaches ?? "model:*");
  return onlyIfDelivered([...wrong.kinds, ...right.kinds], async ({ trajectory }) => {
    const { spans } = trajectory;
    const failed = spans.findLastIndex(
      (span) => wrong.isMeant(span) && (span.status === "failed" || span.status === "denied"),
    );
    const last = spans[failed];
    if (last === undefined) {
      return {
        kind: "ungraded",
        because: `${wrong.words} did not fail in this trial: there is nothing to recover from`,
      };
    }
    // What follows the last failure follows each earlier one too.
    const after = spans.slice(failed + 1);
    const goesOn = after.findIndex(({ kind }) => kind === "model");
    const isReached = goesOn !== -1 && after.slice(goesOn).some(right.isMeant);
    if (isReached)
      return { kind: "pass", because: `after ${last.name} failed, ${right.words} occurred`, spanId: last.id };
    return {
      kind: "fail",
      because: `after ${last.name} failed, ${right.words} did not occur`,
      expected: `${right.words} after ${wrong.words} failed`,
      observed: `${stepsText(trajectory)} → stop: ${trajectory.stopReason}`,
      spanId: last.id,
    };
  });
}
