import { type Fixture, fixtureSchema } from "../fixture/fixture.ts";
import type { GradedAssertion } from "../grading/grader.ts";
import { jsonValue } from "../json.ts";
import { type Parsed, type Problem, parsed, unusable } from "../problem.ts";
import { schemaProblems } from "../schema-problems.ts";
import type { Span, Usage } from "../trajectory/trajectory.ts";
import type { Side, Trial } from "../trial/trial.ts";
import type { FixtureVerdict } from "../verdict/verdict.ts";
import {
  type Result,
  type ResultAssertion,
  type ResultFixture,
  type ResultSide,
  type ResultStep,
  type ResultTrial,
  resultSchema,
} from "./result-schema.ts";
import type { RunReport } from "./run-report.ts";

/** Reads the result of a run from the JSON that `renderJson` wrote; texts stay as short as they are there. */
export function readResult(text: string): Parsed<RunReport> {
  const value = jsonValue.safeParse(parseJson(text));
  if (!value.success)
    return unusable([{ at: "the file", expected: "a result as JSON", got: "something else" }]);
  const read = resultSchema.safeParse(value.data);
  if (!read.success) {
    return unusable(schemaProblems(read.error.issues, { schema: resultSchema, value: value.data }));
  }
  const problems: Problem[] = [];
  const verdicts = read.data.fixtures.flatMap((one, index) => {
    const fixture = fixtureSchema.safeParse(one.definition);
    if (fixture.success) return [verdictOf(one, fixture.data)];
    problems.push({ at: `fixtures[${index}].definition`, expected: "a fixture", got: one.id });
    return [];
  });
  return problems.length > 0 ? unusable(problems) : parsed(reportOf(read.data, verdicts));
}

function reportOf(result: Result, verdicts: readonly FixtureVerdict[]): RunReport {
  const { head, base, decision, totals } = result;
  const { warning_conclusion: warning, suite_threshold: suite } = decision;
  return {
    ...(result.repo === null ? {} : { repo: result.repo }),
    ...(result.pull_request === null ? {} : { pullRequest: result.pull_request }),
    head: { sha: head.sha ?? undefined, branch: head.branch },
    base: base ?? undefined,
    conclusions: { blocking: decision.blocking, warning: decision.warning },
    ...(warning === null || suite === null ? {} : { gate: { warning, thresholds: { suite } } }),
    ...(result.shard === null ? {} : { shard: result.shard }),
    ...(result.missing_shards.length === 0 ? {} : { missingShards: result.missing_shards }),
    verdicts,
    stopped: result.stopped ?? undefined,
    trials: totals.trials,
    costUsd: totals.cost_usd,
    unpricedModels: totals.unpriced_models,
    durationMs: totals.duration_ms,
    plan: planOf(result, verdicts),
  };
}

function planOf(result: Result, verdicts: readonly FixtureVerdict[]): RunReport["plan"] {
  return {
    changes: result.changes.map(({ key, ...change }) => (key === null ? change : { ...change, key })),
    selected: verdicts.map(({ file, origin }) => ({ file, origin, because: "it ran" })),
    leftOut: result.left_out.map(({ id, path, because }) => ({ file: bareFile(id, path), because })),
    broken: result.broken.map(({ path, broken_by, problems }) => ({
      path,
      brokenBy: broken_by,
      problems: problems.map(({ line, ...problem }) => (line === null ? problem : { ...problem, line })),
    })),
    everythingBecause: result.everything_because ?? undefined,
  };
}

/** A fixture that did not run, of which a result knows no more than its name and place. */
function bareFile(id: string, path: string): FixtureVerdict["file"] {
  const message = { role: "user", content: "not in the result" };
  const written = {
    id,
    level: "exploratory",
    agent: "not-in-the-result",
    input: { messages: [message] },
    expect: {},
  };
  return { path, fixture: fixtureSchema.parse(written), lines: new Map() };
}

function verdictOf(one: ResultFixture, fixture: Fixture): FixtureVerdict {
  return {
    file: { path: one.path, fixture, lines: new Map() },
    origin: one.origin,
    verdict: one.verdict,
    because: one.because,
    candidate: sideOf(one.candidate),
    baseline: one.baseline === null ? undefined : sideOf(one.baseline),
    weight: {
      countedAs: one.counted_as,
      effect: one.effect,
      restsOnJudge: one.rests_on_judge,
      isUnproven: one.is_unproven,
    },
  };
}

function sideOf({ outcome, because, judged_only, cost_usd, trials }: ResultSide): Side {
  return {
    outcome,
    trials: trials.map(trialOf),
    ...(because === null ? {} : { because }),
    judgedOnly: judged_only,
    costUsd: cost_usd,
  };
}

function trialOf(trial: ResultTrial): Trial {
  switch (trial.status) {
    case "errored":
      return trial;
    case "ungraded":
      return { status: trial.status, because: trial.because, ...ranOf(trial) };
    case "passed":
    case "failed":
      return { status: trial.status, ...ranOf(trial) };
  }
}

function ranOf(trial: Exclude<ResultTrial, { status: "errored" }>) {
  return {
    trajectory: {
      spans: trial.steps.map(spanOf),
      stopReason: trial.stop_reason,
      output: trial.output,
      usage: usageOf(trial.usage),
      turns: trial.turns,
      latencyMs: trial.latency_ms,
      gaps: trial.gaps.map(({ nearest, ...gap }) => ({ ...gap, nearest: nearest ?? undefined })),
    },
    grades: trial.assertions.map(gradedOf),
    costUsd: trial.cost_usd ?? undefined,
    ...(trial.cached ? { kept: { key: "", reused: true } } : {}),
  };
}

function spanOf(step: ResultStep): Span {
  const { agent, call, error, side_effect, planted, usage, start_ms, duration_ms, ...span } = step;
  return {
    ...span,
    startMs: start_ms,
    durationMs: duration_ms,
    ...(agent === null ? {} : { agent }),
    ...(call === null ? {} : { call }),
    ...(error === null ? {} : { error }),
    ...(side_effect === null ? {} : { sideEffect: side_effect }),
    ...(planted === null ? {} : { planted }),
    ...(usage === null ? {} : { usage: usageOf(usage) }),
  };
}

function usageOf(usage: NonNullable<ResultStep["usage"]>): Usage {
  return {
    inputTokens: usage.input_tokens,
    outputTokens: usage.output_tokens,
    cacheReadTokens: usage.cache_read_tokens,
    cacheWriteTokens: usage.cache_write_tokens,
  };
}

function gradedOf({
  use,
  at,
  judged,
  grade,
  because,
  expected,
  observed,
  span,
}: ResultAssertion): GradedAssertion {
  if (grade !== "fail") return { use, at, judged, grade: { kind: grade, because } };
  const failed = { kind: grade, because, expected: expected ?? "", observed: observed ?? "" } as const;
  return { use, at, judged, grade: span == null ? failed : { ...failed, spanId: span } };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
