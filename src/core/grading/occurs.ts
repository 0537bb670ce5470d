import type { SpanPattern } from "../fixture/trajectory-expectation.ts";
import { onlyIfDelivered } from "./deliverable.ts";
import type { Grader } from "./grader.ts";
import { spanTest } from "./span-test.ts";
import { stepsText } from "./steps.ts";

/** How often certain spans are expected. */
export interface Occurrence {
  readonly of: SpanPattern;
  readonly min?: number | undefined;
  readonly max?: number | undefined;
}

/** Passes when such spans occur as often as this; at least once where no bound is given. */
export function occurs({ of, min, max }: Occurrence): Grader {
  const test = spanTest(of);
  const least = min ?? (max === undefined ? 1 : 0);
  const expected = `${test.words}: ${boundsText(least, max)}`;
  return onlyIfDelivered(test.kinds, async ({ trajectory }) => {
    const meant = trajectory.spans.filter(test.isMeant);
    const because = `${test.words} occurred ${timesText(meant.length)}`;
    const excess = max === undefined ? undefined : meant[max];
    if (meant.length >= least && excess === undefined) {
      return { kind: "pass", because, ...(meant[0] === undefined ? {} : { spanId: meant[0].id }) };
    }
    const place = excess === undefined ? {} : { spanId: excess.id };
    return { kind: "fail", because, expected, observed: stepsText(trajectory), ...place };
  });
}

function boundsText(min: number, max: number | undefined): string {
  if (max === undefined) return `at least ${timesText(min)}`;
  if (max === 0) return "never";
  return min === 0 ? `at most ${timesText(max)}` : `${min} to ${max} times`;
}

function timesText(count: number): string {
  return count === 1 ? "once" : `${count} times`;
}
