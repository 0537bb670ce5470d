import type { Expectation } from "../fixture/fixture.ts";
import { isNamed } from "../trajectory/trajectory.ts";
import { approval } from "./approval.ts";
import { callInput } from "./call-input.ts";
import { forbiddenSpan } from "./forbidden-span.ts";
import { maxIdenticalCalls } from "./max-identical-calls.ts";
import { maxToolCalls } from "./max-tool-calls.ts";
import { occurs } from "./occurs.ts";
import { listText, only } from "./only.ts";
import { each, type GraderEntry, named, one } from "./placing.ts";
import { recovery } from "./recovery.ts";
import { relation } from "./relation.ts";
import { repeats } from "./repeats.ts";
import { requiredSpans } from "./required-spans.ts";
import { toolArguments } from "./tool-arguments.ts";

/** Graders of the path: which tools were called, how, and in which order. */
export const TRAJECTORY_GRADERS: readonly GraderEntry[] = [
  one("required-spans", "trajectory.required", requiredOf, requiredSpans),
  each("forbidden-span", "trajectory.forbidden", (e) => e.trajectory?.forbidden, forbiddenSpan),
  one("allowed-calls", "trajectory.allowed", (e) => e.trajectory?.allowed, allowedCalls),
  named(
    "calls",
    "trajectory.calls",
    (e) => e.trajectory?.calls,
    (tool, bounds) => occurs({ of: `tool:${tool}`, ...bounds }),
  ),
  each("counts", "trajectory.counts", (e) => e.trajectory?.counts, occurs),
  each("relation", "trajectory.relations", (e) => e.trajectory?.relations, relation),
  named(
    "arguments",
    "trajectory.arguments",
    (e) => e.trajectory?.arguments,
    (tool, holds) => toolArguments({ tool, holds }),
  ),
  each("input", "trajectory.inputs", (e) => e.trajectory?.inputs, callInput),
  each("approval", "trajectory.approval", (e) => e.trajectory?.approval, approval),
  one("repeats", "trajectory.repeats", (e) => e.trajectory?.repeats, repeats),
  each("recovery", "trajectory.recovery", (e) => e.trajectory?.recovery, recovery),
  one("max-tool-calls", "trajectory.max_tool_calls", (e) => e.trajectory?.max_tool_calls, maxToolCalls),
  one(
    "max-identical-calls",
    "trajectory.max_identical_calls",
    (e) => e.trajectory?.max_identical_calls,
    maxIdenticalCalls,
  ),
];

function requiredOf({ trajectory }: Expectation) {
  const required = trajectory?.required;
  return required === undefined ? undefined : { required, order: trajectory?.order ?? "superset" };
}

function allowedCalls(allowed: readonly string[]) {
  return only({
    among: "tool calls",
    kinds: [],
    isLookedAt: ({ call }) => call !== undefined,
    isAllowed: (span) => allowed.some((name) => isNamed(span, name)),
    allowed: listText(allowed),
  });
}
