import { filterPlan } from "../core/suite/filter-plan.ts";
import { nameOfSelected, narrowPlan, shardPlan } from "../core/suite/narrow-plan.ts";
import type { SuitePlan } from "../core/suite/suite.ts";
import { UsageError } from "./command.ts";
import { isTroubled, type LastRun } from "./last-run.ts";
import type { RunOptions } from "./run-options.ts";

/** What somebody asks to have run of a plan. */
export interface Choice extends Pick<RunOptions, "filter" | "onlyFailed" | "shard"> {
  /** Names of the only fixtures that are of interest now; undefined for all. */
  readonly only?: ReadonlySet<string> | undefined;
  readonly trialsMax: number;
}

/** Narrows a plan to what was asked for; names that fit nothing are misuse. */
export function chooseFixtures(whole: SuitePlan, choice: Choice, last: LastRun): SuitePlan {
  const { filter, onlyFailed, shard, only, trialsMax } = choice;
  let suite = filtered(whole, filter);
  if (onlyFailed) {
    if (last.size === 0) throw new UsageError("--only-failed goes by the last run, and there was none here");
    const isFailed = (name: string) => isTroubled(last.get(name)?.standing ?? "passing");
    suite = narrowPlan(suite, (one) => isFailed(nameOfSelected(one)), "it did not fail when it ran last");
  }
  if (only !== undefined) {
    suite = narrowPlan(suite, (one) => only.has(nameOfSelected(one)), "nothing changed for it");
  }
  return shard === undefined ? suite : shardPlan(suite, shard, trialsMax);
}

function filtered(suite: SuitePlan, names: readonly string[]): SuitePlan {
  const narrowed = filterPlan(suite, names);
  if (narrowed.kind === "filtered") return narrowed.plan;
  const lines = narrowed.names.map(({ name, nearest }) => {
    const hint = nearest.length === 0 ? "there is no fixture" : `the nearest are ${nearest.join(", ")}`;
    return `no fixture fits --filter ${JSON.stringify(name)}: ${hint}`;
  });
  throw new UsageError(lines.join("\n"));
}
