import { isNamed, type Span, type Trajectory } from "../trajectory/trajectory.ts";

const SHOWN_STEPS_MAX = 40;

/** One step of the agent: a span, or all the spans of one search, which the agent caused by one call. */
export interface Step {
  readonly spans: readonly Span[];
}

/** Reads the steps out of a trajectory, without model spans. */
export function stepsOf(trajectory: Trajectory): readonly Step[] {
  const steps: Span[][] = [];
  for (const span of trajectory.spans) {
    if (span.kind === "model") continue;
    const last = steps.at(-1);
    const continuesSearch =
      span.kind === "retrieval" && span.call === undefined && last?.[0]?.kind === "retrieval";
    if (continuesSearch) last?.push(span);
    else steps.push([span]);
  }
  return steps.map((spans) => ({ spans }));
}

/** Tells whether a step is meant by a name of a fixture. */
export function isStepNamed(step: Step, name: string): boolean {
  return step.spans.some((span) => isNamed(span, name));
}

/** Names a step as the trajectory shows it. */
export function stepName(step: Step): string {
  return step.spans.map(({ name }) => name).join(" + ");
}

/** Says the steps of a trajectory in one line. */
export function stepsText(trajectory: Trajectory): string {
  const names = stepsOf(trajectory).map(stepName);
  if (names.length === 0) return "no steps";
  const shown = names.slice(0, SHOWN_STEPS_MAX).join(" → ");
  return names.length > SHOWN_STEPS_MAX ? `${shown} → … (${names.length} steps)` : shown;
}
