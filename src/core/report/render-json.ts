import type { Fixture } from "../fixture/fixture.ts";
import { type JsonObject, jsonObject } from "../json.ts";
import type { Interval } from "../statistics/intervals.ts";
import { stripInvisible, truncate } from "../text/markdown.ts";
import type { Gap, Span, Usage } from "../trajectory/trajectory.ts";
import type { Side, Trial } from "../trial/trial.ts";
import type { FixtureVerdict, Verdict } from "../verdict/verdict.ts";
import { decideExitCode } from "./exit-code.ts";
import { passRateOf, suitePassRate } from "./pass-rate.ts";
import {
  RESULT_VERSION,
  type Result,
  type ResultFixture,
  type ResultSide,
  type ResultStep,
  type ResultTrial,
} from "./result-schema.ts";
import type { RunReport } from "./run-report.ts";
import { shortenObject } from "./shorten-json.ts";
import { reusedTrials } from "./standing.ts";

const TEXT_LENGTH_MAX = 4_000;

/** Gives a run as JSON for machines: stable names, versioned by `schema`, texts shortened. */
export function renderJson(run: RunReport): Result {
  return {
    schema: RESULT_VERSION,
    repo: run.repo ?? null,
    pull_request: run.pullRequest ?? null,
    head: { sha: run.head.sha ?? null, branch: text(run.head.branch) },
    base: run.base === undefined ? null : { sha: run.base.sha, branch: run.base.branch },
    decision: {
      ...run.conclusions,
      exit_code: decideExitCode(run),
      warning_conclusion: run.gate?.warning ?? null,
      suite_threshold: run.gate?.thresholds.suite ?? null,
    },
    shard: run.shard ?? null,
    missing_shards: [...(run.missingShards ?? [])],
    totals: totalsJson(run),
    stopped: run.stopped ?? null,
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

function totalsJson(run: RunReport): Result["totals"] {
  return {
    fixtures: run.verdicts.length,
    verdicts: countVerdicts(run.verdicts),
    pass_rate: intervalJson(suitePassRate(run.verdicts)),
    trials: run.trials,
    cached_trials: reusedTrials(run.verdicts),
    cost_usd: run.costUsd,
    cost_is_lower_bound: run.unpricedModels.length > 0,
    unpriced_models: run.unpricedModels.map(text),
    duration_ms: run.durationMs,
  };
}

function countVerdicts(verdicts: readonly FixtureVerdict[]): Partial<Record<Verdict, number>> {
  const groups = Map.groupBy(verdicts, ({ verdict }) => verdict);
  return Object.fromEntries([...groups].map(([verdict, group]) => [verdict, group.length]));
}

function fixtureJson(verdict: FixtureVerdict): ResultFixture {
  const { fixture, path } = verdict.file;
  const { weight } = verdict;
  return {
    id: fixture.id,
    path: text(path),
    agent: fixture.agent,
    level: fixture.level,
    counted_as: weight.countedAs,
    effect: weight.effect,
    rests_on_judge: weight.restsOnJudge,
    is_unproven: weight.isUnproven,
    origin: verdict.origin,
    verdict: verdict.verdict,
    because: text(verdict.because),
    incident: fixture.incident ?? null,
    issue: fixture.issue ?? null,
    owner: fixture.owner ?? null,
    definition: definitionJson(fixture),
    candidate: sideJson(verdict.candidate),
    baseline: verdict.baseline === undefined ? null : sideJson(verdict.baseline),
  };
}

/** What JSON cannot hold is left out: members that are undefined. */
function definitionJson({ tools: _, input, ...fixture }: Fixture): JsonObject {
  return jsonObject.parse(JSON.parse(JSON.stringify({ ...fixture, input: { messages: input.messages } })));
}

function sideJson(side: Side): ResultSide {
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

function intervalJson(interval: Interval | undefined) {
  if (interval === undefined) return null;
  const { estimate, low, high } = interval;
  return { estimate, low, high, confidence: 0.95 };
}

function trialJson(trial: Trial): ResultTrial {
  switch (trial.status) {
    case "errored":
      return { status: trial.status, because: text(trial.because), retryable: trial.retryable };
    case "ungraded":
      return { status: trial.status, because: text(trial.because), ...ranJson(trial) };
    case "passed":
    case "failed":
      return { status: trial.status, ...ranJson(trial) };
  }
}

function ranJson({ trajectory, grades, costUsd, kept }: Exclude<Trial, { status: "errored" }>) {
  return {
    cost_usd: costUsd ?? null,
    stop_reason: trajectory.stopReason,
    spans: trajectory.spans.map(({ name }) => name),
    steps: trajectory.spans.map(stepJson),
    gaps: trajectory.gaps.map(gapJson),
    output: text(trajectory.output),
    turns: trajectory.turns,
    usage: usageJson(trajectory.usage),
    latency_ms: trajectory.latencyMs,
    cached: kept?.reused ?? false,
    assertions: grades.map(({ use, at, judged, grade }) => ({
      use,
      at: text(at),
      judged,
      grade: grade.kind,
      because: text(grade.because),
      ...(grade.kind === "fail"
        ? { expected: text(grade.expected), observed: text(grade.observed), span: grade.spanId ?? null }
        : {}),
    })),
  };
}

function stepJson(span: Span): ResultStep {
  const { call, error } = span;
  return {
    id: span.id,
    kind: span.kind,
    name: text(span.name),
    status: span.status,
    agent: span.agent ?? null,
    call: call === undefined ? null : { tool: text(call.tool), arguments: shortenObject(call.arguments) },
    error: error === undefined ? null : { type: error.type, message: text(error.message) },
    side_effect: span.sideEffect === undefined ? null : text(span.sideEffect),
    planted: span.planted === undefined ? null : text(span.planted),
    start_ms: span.startMs,
    duration_ms: span.durationMs,
    usage: span.usage === undefined ? null : usageJson(span.usage),
  };
}

function gapJson({ tool, arguments: made, nearest, differs }: Gap) {
  return {
    tool: text(tool),
    arguments: shortenObject(made),
    nearest: nearest === undefined ? null : shortenObject(nearest),
    differs: differs.map(text),
  };
}

function usageJson({ inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens }: Usage) {
  return {
    input_tokens: inputTokens,
    output_tokens: outputTokens,
    cache_read_tokens: cacheReadTokens,
    cache_write_tokens: cacheWriteTokens,
  };
}

function text(value: string): string {
  return truncate(stripInvisible(value), { charactersMax: TEXT_LENGTH_MAX });
}
