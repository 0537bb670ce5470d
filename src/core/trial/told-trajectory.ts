import type { OutsideAgent } from "../agent/agent.ts";
import type { AgentAnswer } from "../agent/outside-contract.ts";
import type { Fixture } from "../fixture/fixture.ts";
import type { CountAnswered } from "../trajectory/recordings.ts";
import { addUsage, type Gap, NO_USAGE, type Span, type Trajectory } from "../trajectory/trajectory.ts";
import { deliveredKinds } from "./delivered-kinds.ts";
import { joinRecording } from "./join-recording.ts";
import { type ToldStep, toldSteps } from "./told-steps.ts";

/** An answer longer than this is cut: no case needs it, and it would be kept for every trial. */
const OUTPUT_LENGTH_MAX = 100_000;

/**
 * Reads what an agent that runs elsewhere tells of itself as a trajectory. Its tools should have answered from the
 * fixture's recordings, so each call is matched with them again: the recording says what the call would have done, and
 * a call that none answers is a gap. An answer without spans gives a trajectory without spans, which is never graded.
 */
export function toldTrajectory(
  answer: AgentAnswer,
  agent: OutsideAgent,
  fixture: Fixture,
  latencyMs: number,
): Trajectory {
  const told = toldSteps(answer);
  const { spans, gaps } = joinAll(told.steps, agent, fixture);
  const output = answer.output ?? told.output;
  const models = spans.filter(({ kind }) => kind === "model");
  return {
    spans,
    stopReason: answer.stop_reason ?? declaredStop(spans, agent) ?? told.stopReason ?? "completed",
    output: output.slice(0, OUTPUT_LENGTH_MAX),
    ...(output.length > OUTPUT_LENGTH_MAX ? { isOutputCut: true } : {}),
    usage: models.reduce((sum, { usage }) => addUsage(sum, usage ?? NO_USAGE), NO_USAGE),
    turns: models.length,
    // Measured here and not told: what a trace says of its own time leaves out how long somebody waited for it.
    latencyMs,
    gaps,
    kinds: deliveredKinds(new Map([[agent.name, agent]]), agent),
  };
}

interface Joined {
  readonly spans: readonly Span[];
  readonly gaps: readonly Gap[];
}

function joinAll(steps: readonly ToldStep[], agent: OutsideAgent, fixture: Fixture): Joined {
  const spans: Span[] = [];
  const gaps: Gap[] = [];
  const used = new Map<string, number>();
  const countAnswered: CountAnswered = (id) => used.get(id) ?? 0;
  for (const [index, step] of steps.entries()) {
    const { span, gap } = joinRecording(step, agent, fixture, countAnswered);
    spans.push({ ...span, id: `${index + 1}` });
    if (gap !== undefined) gaps.push(gap);
    if (span.recording !== undefined) used.set(span.recording, countAnswered(span.recording) + 1);
  }
  return { spans, gaps };
}

/** The stop that the last call with one declares. */
function declaredStop(spans: readonly Span[], { spans: rules }: OutsideAgent): string | undefined {
  return spans
    .flatMap(({ call }) =>
      call !== undefined && Object.hasOwn(rules, call.tool) ? (rules[call.tool]?.stop ?? []) : [],
    )
    .at(-1);
}
