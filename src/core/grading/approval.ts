import type { RequiredApproval } from "../fixture/trajectory-expectation.ts";
import { isNamed, type Span } from "../trajectory/trajectory.ts";
import { onlyIfDelivered } from "./deliverable.ts";
import type { Grade, Grader } from "./grader.ts";
import { sameText, sharedKey } from "./same-arguments.ts";
import { spanTest } from "./span-test.ts";
import { stepsText } from "./steps.ts";

const IS_IN_STATE: Readonly<Record<RequiredApproval["state"], (span: Span) => boolean>> = {
  granted: ({ status }) => status === "succeeded",
  denied: ({ status }) => status === "denied",
  // Whatever came of it, it was asked for.
  requested: () => true,
};

/** Who decided an approval: one who may, one who may not, or nobody is named. */
type Decider = "right" | "wrong" | "unknown";

/** Passes when an approval in this state, decided by the right one, comes before each such span, or the span does not occur. */
export function approval(required: RequiredApproval): Grader {
  const { before, state, same } = required;
  const isApproved = onlyIfDelivered(["approval"], async ({ trajectory }) => {
    const decided = new Map<string | undefined, Set<Decider>>();
    for (const span of trajectory.spans) {
      const key = sharedKey(span, same);
      if (isNamed(span, before)) {
        const objection = objectionTo(span, required, key === undefined ? undefined : decided.get(key));
        if (objection?.kind === "fail") return { ...objection, observed: stepsText(trajectory) };
        if (objection !== undefined) return objection;
      }
      if (span.kind === "approval" && IS_IN_STATE[state](span)) {
        decided.set(key, (decided.get(key) ?? new Set()).add(deciderOf(span, required)));
      }
    }
    return { kind: "pass", because: `approval was ${state} before ${before}` };
  });
  return onlyIfDelivered(spanTest(before).kinds, async (evidence) => {
    const first = evidence.trajectory.spans.find((span) => isNamed(span, before));
    // What did not occur needed no approval, whether or not the agent could show one.
    if (first === undefined) return { kind: "pass", because: `${before} did not occur` };
    const grade = await isApproved(evidence);
    return grade.kind === "pass" ? { ...grade, spanId: first.id } : grade;
  });
}

/** Says what speaks against a span, or nothing where the right one has decided before it. */
function objectionTo(
  span: Span,
  required: RequiredApproval,
  deciders: ReadonlySet<Decider> | undefined,
): Grade | undefined {
  const { before, state, same } = required;
  if (deciders?.has("right")) return undefined;
  if (deciders?.has("unknown")) {
    const because = `nothing tells by whom approval was ${state}: the recorded answer names nobody`;
    return { kind: "ungraded", because };
  }
  const by = deciders === undefined ? "" : byText(required);
  return {
    kind: "fail",
    because: `${before} occurred before approval was ${state}${by}${sameText(same)}`,
    expected: `approval ${state}${byText(required)} before ${before}${sameText(same)}`,
    observed: span.name,
    spanId: span.id,
  };
}

function deciderOf({ by }: Span, { by: wanted, not_by: unwanted }: RequiredApproval): Decider {
  if (wanted === undefined && unwanted === undefined) return "right";
  if (by === undefined) return "unknown";
  const isWanted = wanted === undefined || wanted.some((name) => by.includes(name));
  const isUnwanted = unwanted?.some((name) => by.includes(name)) ?? false;
  return isWanted && !isUnwanted ? "right" : "wrong";
}

function byText({ by, not_by }: RequiredApproval): string {
  const who = [
    ...(by === undefined ? [] : [by.join(" or ")]),
    ...(not_by === undefined ? [] : [`somebody else than ${not_by.join(", ")}`]),
  ];
  return who.length === 0 ? "" : ` by ${who.join(", ")}`;
}
