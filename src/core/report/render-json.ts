import type { JsonObject, JsonValue } from "../json.ts";
import type { Interval } from "../statistics/intervals.ts";
import { stripInvisible, truncate } from "../text/markdown.ts";
import type { Side, Trial } from "../trial/trial.ts";
import type { EarlierSide } from "../verdict/earlier-side.ts";
import type { FixtureVerdict } from "../verdict/verdict.ts";
import { decideExitCode } from "./exit-code.ts";
import { passRateOf, suitePassRate } from "./pass-rate.ts";
import type { RunReport } from "./run-report.ts";

/** Raised when a member changes its meaning or goes; new members may come at any time. */
const SCHEMA = 1;
const TEXT_LENGTH_MAX = 4_000;

/** Gives a run as JSON for machines: stable names, versioned by `schema`, texts shortened. */
export function renderJson(run: RunReport): JsonObject {
  return {
    schema: SCHEMA,
    repo: run.repo ?? null,
    pull_request: run.pullRequest ?? null,
    head: { sha: run.head.sha ?? null, branch: text(run.head.branch) },
    base: run.base === undefined ? null : { sha: run.base.sha, branch: run.base.branch },
    decision: { ...run.conclusions, exit_code: decideExitCode(run) },
    totals: {
      fixtures: run.verdicts.length,
      verdicts: countVerdicts(run.verdicts),
      pass_rate: intervalJson(suitePassRate(run.verdicts)),
      trials: run.trials,
      cost_usd: run.costUsd,
      cost_is_lower_bound: run.unpricedModels.length > 0,
      unpriced_models: run.unpricedModels.map(text),
      duration_ms: run.durationMs,
    },
    changes: run.plan.changes.map(({ agent, type, path, key }) => ({
      agent,
      type,
      path: text(path),
      key: key ?? null,
    })),
    everything_because: run.plan.everythingBecause ?? null,
    fixtures: run.verdicts.map(fixtureJson),
    left_out: run.plan.leftOut.map(({ file, because }) => ({
      id: file.fixture.id,
      path: text(file.path),
      because: text(because),
    })),
    broken: run.plan.broken.map(({ path, brokenBy, problems }) => ({
      path: text(path),
      broken_by: brokenBy,
      problems: problems.map(({ at, expected, got, line }) => ({
        at: text(at),
        expected: text(expected),
        got: text(got),
        line: line ?? null,
      })),
    })),
  };
}

function countVerdicts(verdicts: readonly FixtureVerdict[]): JsonObject {
  const groups = Map.groupBy(verdicts, ({ verdict }) => verdict);
  return Object.fromEntries([...groups].map(([verdict, group]) => [verdict, group.length]));
}

function fixtureJson(verdict: FixtureVerdict): JsonObject {
  const { fixture, path } = verdict.file;
  return {
    id: fixture.id,
    path: text(path),
    agent: fixture.agent,
    level: fixture.level,
    counted_as: verdict.weight.countedAs,
    origin: verdict.origin,
    verdict: verdict.verdict,
    because: text(verdict.because),
    incident: fixture.incident ?? null,
    issue: fixture.issue ?? null,
    owner: fixture.owner ?? null,
    candidate: sideJson(verdict.candidate),
    baseline: verdict.baseline === undefined ? null : sideJson(verdict.baseline),
    ...(verdict.earlier === undefined ? {} : { earlier_baseline: earlierJson(verdict.earlier) }),
  };
}

function earlierJson({ outcome, passed, failed, at }: EarlierSide): JsonObject {
  return { outcome, passed, failed, at: at.toISOString() };
}

function sideJson(side: Side): JsonObject {
  const { outcome, because, judgedOnly, costUsd, trials } = side;
  return {
    outcome,
    pass_rate: intervalJson(passRateOf(side)),
    because: because === undefined ? null : text(because),
    judged_only: judgedOnly,
    cost_usd: costUsd,
    trials: trials.map(trialJson),
  };
}

function intervalJson(interval: Interval | undefined): JsonObject | null {
  if (interval === undefined) return null;
  const { estimate, low, high } = interval;
  return { estimate, low, high, confidence: 0.95 };
}

function trialJson(trial: Trial): JsonObject {
  if (trial.status === "errored") {
    return { status: trial.status, because: text(trial.because), retryable: trial.retryable };
  }
  const { trajectory, grades } = trial;
  return {
    status: trial.status,
    ...(trial.status === "ungraded" ? { because: text(trial.because) } : {}),
    cost_usd: trial.costUsd ?? null,
    stop_reason: trajectory.stopReason,
    spans: trajectory.spans.map(({ name }) => name),
    output: text(trajectory.output),
    turns: trajectory.turns,
    latency_ms: trajectory.latencyMs,
    assertions: grades.map(({ use, at, judged, grade }) => ({
      use,
      at: text(at),
      judged,
      grade: grade.kind,
      because: text(grade.because),
      ...(grade.kind === "fail" ? failureJson(grade.expected, grade.observed, grade.spanId) : {}),
    })),
  };
}

function failureJson(
  expected: string,
  observed: string,
  span: string | undefined,
): Readonly<Record<string, JsonValue>> {
  return { expected: text(expected), observed: text(observed), span: span ?? null };
}

function text(value: string): string {
  return truncate(stripInvisible(value), { charactersMax: TEXT_LENGTH_MAX });
}
