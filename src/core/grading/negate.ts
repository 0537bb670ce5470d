import type { Grader } from "./grader.ts";

/** Turns a grader round: what it passes fails, what it fails passes, and what it cannot decide stays undecided. */
export function negate(grader: Grader): Grader {
  return async (evidence) => {
    const grade = await grader(evidence);
    if (grade.kind === "ungraded") return grade;
    const { kind, because, spanId } = grade;
    const place = spanId === undefined ? {} : { spanId };
    if (kind === "fail") return { kind: "pass", because, ...place };
    return { kind: "fail", because, expected: `not this: ${because}`, observed: because, ...place };
  };
}
