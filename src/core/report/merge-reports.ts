import { configSchema } from "../config/config.ts";
import { type Parsed, type Problem, parsed, unusable } from "../problem.ts";
import type { SuitePlan } from "../suite/suite.ts";
import { conclude } from "../verdict/conclude.ts";
import type { RunReport, Shard } from "./run-report.ts";

/** The result of one shard, and the file that it was read from. */
export interface ShardReport {
  readonly path: string;
  readonly report: RunReport;
}

type Part = ShardReport & {
  readonly shard: Shard;
  readonly gate: NonNullable<RunReport["gate"]>;
};

/** Joins the results of shards into the result of their suite; shards that are not there are named in it. */
export function mergeReports(reports: readonly ShardReport[]): Parsed<RunReport> {
  const parts = reports.flatMap(({ path, report }): readonly Part[] => {
    const { shard, gate } = report;
    return shard === undefined || gate === undefined ? [] : [{ path, report, shard, gate }];
  });
  const [first] = parts;
  const problems = [...reports.flatMap(unshardedProblems), ...parts.flatMap(clashProblems)];
  if (first === undefined || problems.length > 0) return unusable(problems);
  return parsed(joined(parts, first));
}

function unshardedProblems({ path, report }: ShardReport): readonly Problem[] {
  if (report.shard !== undefined && report.gate !== undefined) return [];
  return [
    { at: path, expected: "the result of a shard (`run --shard 1/2 --json FILE`)", got: "that of a run" },
  ];
}

function clashProblems({ path, shard }: Part, position: number, parts: readonly Part[]): readonly Problem[] {
  const before = parts.slice(0, position);
  const [first] = before;
  if (first === undefined) return [];
  if (shard.suite !== first.shard.suite || shard.count !== first.shard.count) {
    const got = `another one, cut into ${shard.count}`;
    return [
      {
        at: path,
        expected: `a shard of the suite of ${first.path}, which is cut into ${first.shard.count}`,
        got,
      },
    ];
  }
  const twin = before.find((other) => other.shard.index === shard.index);
  if (twin === undefined) return [];
  return [{ at: path, expected: "each shard once", got: `shard ${shard.index}, as in ${twin.path}` }];
}

function joined(parts: readonly Part[], first: Part): RunReport {
  const runs = parts.toSorted((a, b) => a.shard.index - b.shard.index).map(({ report }) => report);
  const verdicts = runs.flatMap((run) => run.verdicts);
  const plan = joinedPlan(runs);
  const stopped = runs.find((run) => run.stopped !== undefined)?.stopped;
  const { shard: _, missingShards: __, ...base } = first.report;
  return {
    ...base,
    verdicts,
    plan,
    conclusions: conclude(plan, verdicts, { gate: configSchema.shape.gate.parse(first.gate) }),
    missingShards: missingOf(parts, first.shard.count),
    stopped,
    trials: total(runs.map(({ trials }) => trials)),
    costUsd: total(runs.map(({ costUsd }) => costUsd)),
    unpricedModels: [...new Set(runs.flatMap(({ unpricedModels }) => unpricedModels))].sort(),
    durationMs: Math.max(...runs.map(({ durationMs }) => durationMs)),
  };
}

function missingOf(parts: readonly Part[], count: number): readonly number[] {
  const there = new Set(parts.map(({ shard }) => shard.index));
  return Array.from({ length: count }, (_, index) => index + 1).filter((index) => !there.has(index));
}

/** What one shard left out another may have run. */
function joinedPlan(runs: readonly RunReport[]): SuitePlan {
  const ran = new Set(runs.flatMap(({ plan }) => plan.selected.map(({ file }) => file.path)));
  const [first] = runs;
  const leftOut = runs.flatMap(({ plan }) => plan.leftOut).filter(({ file }) => !ran.has(file.path));
  return {
    changes: first?.plan.changes ?? [],
    selected: runs.flatMap(({ plan }) => plan.selected),
    leftOut: [...new Map(leftOut.map((one) => [one.file.path, one])).values()],
    broken: [...new Map(runs.flatMap(({ plan }) => plan.broken).map((one) => [one.path, one])).values()],
    everythingBecause: first?.plan.everythingBecause,
  };
}

function total(amounts: readonly number[]): number {
  return amounts.reduce((sum, amount) => sum + amount, 0);
}
