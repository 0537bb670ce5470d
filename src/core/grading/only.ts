import type { Span, SpanKind } from "../trajectory/trajectory.ts";
import { onlyIfDelivered } from "./deliverable.ts";
import type { Grader } from "./grader.ts";
import { stepsText } from "./steps.ts";

/** Which spans are looked at, and which of them may occur. */
export interface Restriction {
  /** What is looked at, in words, such as `tool calls`. */
  readonly among: string;
  readonly kinds: readonly SpanKind[];
  readonly isLookedAt: (span: Span) => boolean;
  readonly isAllowed: (span: Span) => boolean;
  /** What is allowed, in words. */
  readonly allowed: string;
}

/** Passes when of the spans that are looked at none occurs but allowed ones. */
export function only({ among, kinds, isLookedAt, isAllowed, allowed }: Restriction): Grader {
  return onlyIfDelivered(kinds, async ({ trajectory }) => {
    const stranger = trajectory.spans.find((span) => isLookedAt(span) && !isAllowed(span));
    if (stranger === undefined) return { kind: "pass", because: `${among}: nothing but ${allowed}` };
    return {
      kind: "fail",
      because: `${stranger.name} is not allowed`,
      expected: `${among}: nothing but ${allowed}`,
      observed: stepsText(trajectory),
      spanId: stranger.id,
    };
  });
}

/** Says a list of what is allowed; an empty one allows nothing. */
export function listText(allowed: readonly string[]): string {
  return allowed.length === 0 ? "none at all" : allowed.join(", ");
}
