import { excerpt } from "../grading/excerpt.ts";
import { gradeTrajectory } from "../grading/grade-trajectory.ts";
import {
  type AskJudge,
  type Assertion,
  type Evidence,
  type GradedAssertion,
  usesOf,
} from "../grading/grader.ts";
import { canonicalJson } from "../json.ts";
import type { Gap, Trajectory } from "../trajectory/trajectory.ts";
import { isOutsideFailure } from "./outside-failure.ts";
import { costOfTrajectory, costOfUsage, type Prices } from "./prices.ts";
import { type AgentRun, runAgent } from "./run-agent.ts";
import type { Trial } from "./trial.ts";

/** All that a trial is given. */
export interface TrialSetting extends AgentRun {
  /** What the fixture asserts, built once for all its trials. */
  readonly assertions: readonly Assertion[];
  readonly askJudge: AskJudge;
  readonly prices: Prices;
}

/** Comes to a trial, by running the agent or by what it did before; trials of a side are numbered from 1. */
export type RunTrial = (setting: TrialSetting, number: number) => Promise<Trial>;

/** Runs the agent on the fixture once and grades what it did. */
export async function runTrial(setting: TrialSetting): Promise<Trial> {
  return await tried(setting, async () => await runAgent(setting));
}

/** Grades what the agent did in an earlier trial, without running it. */
export async function regradeTrial(setting: TrialSetting, trajectory: Trajectory): Promise<Trial> {
  return await tried(setting, async () => trajectory);
}

async function tried(setting: TrialSetting, comeTo: () => Promise<Trajectory>): Promise<Trial> {
  try {
    return await gradeTrial(setting, await comeTo());
  } catch (error) {
    if (setting.signal.aborted)
      return { status: "errored", because: stoppedBy(setting.signal), retryable: false };
    if (!isOutsideFailure(error)) throw error;
    return { status: "errored", because: error.message, retryable: error.retryable };
  }
}

async function gradeTrial(setting: TrialSetting, trajectory: Trajectory): Promise<Trial> {
  const { fixture, assertions, prices } = setting;
  const agentCostUsd = costOfTrajectory(trajectory, prices);
  let judgeCostUsd = 0;
  const askJudge: Evidence["askJudge"] = async (question) => {
    const answer = await setting.askJudge(question, setting.signal);
    for (const { model, usage } of usesOf(answer)) judgeCostUsd += costOfUsage(model, usage, prices) ?? 0;
    return answer;
  };
  const grades = await gradeTrajectory(
    // A trial with a gap stays open whatever a judge says, so none is paid.
    trajectory.gaps.length > 0 ? assertions.filter(({ judged }) => !judged) : assertions,
    { trajectory, fixture, costUsd: agentCostUsd, askJudge },
  );
  const costUsd = agentCostUsd === undefined ? undefined : agentCostUsd + judgeCostUsd;
  return { ...decideTrial(trajectory, grades), trajectory, grades, costUsd };
}

/** What a trial came to, before its evidence is added. */
type TrialStatus =
  | { readonly status: "passed" | "failed" }
  | { readonly status: "ungraded"; readonly because: string };

/** Decides a trial from its grades: a call without a recording leaves it open, one failure fails it, and nothing else is taken for a pass. */
function decideTrial(trajectory: Trajectory, grades: readonly GradedAssertion[]): TrialStatus {
  if (trajectory.gaps.length > 0)
    return { status: "ungraded", because: trajectory.gaps.map(gapText).join("; ") };
  if (grades.some(({ grade }) => grade.kind === "fail")) return { status: "failed" };
  const open = grades.find(({ grade }) => grade.kind === "ungraded");
  if (open !== undefined) return { status: "ungraded", because: `${open.at}: ${open.grade.because}` };
  if (grades.length === 0) return { status: "ungraded", because: "the fixture asserts nothing" };
  return { status: "passed" };
}

function gapText({ tool, arguments: made, nearest, differs }: Gap): string {
  const call = `no recording answers ${tool}(${excerpt(canonicalJson(made))})`;
  return nearest === undefined
    ? `${call}: add one under tools.${tool}`
    : `${call}; the nearest one is for ${excerpt(canonicalJson(nearest))}: ${differs.join("; ")}`;
}

function stoppedBy({ reason }: AbortSignal): string {
  return reason instanceof Error ? reason.message : String(reason);
}
