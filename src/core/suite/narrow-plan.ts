import type { FixtureFile } from "../fixture/fixture.ts";
import { trialsMaxOf } from "../trial/stopping.ts";
import type { Selected, SuitePlan } from "./suite.ts";

/** Narrows a plan to some of its fixtures; the others are left out for this reason. */
export function narrowPlan(
  plan: SuitePlan,
  isKept: (selected: Selected) => boolean,
  because: string,
): SuitePlan {
  const others = plan.selected.filter((one) => !isKept(one));
  return {
    ...plan,
    selected: plan.selected.filter(isKept),
    leftOut: [...plan.leftOut, ...others.map(({ file }) => ({ file, because }))],
  };
}

/** Names a fixture of a plan: its id, which the base's version of a fixture shares with the head's. */
export function nameOfSelected({ file, origin }: Pick<Selected, "file" | "origin">): string {
  const isOfBase = origin === "base_version" || origin === "removed";
  return isOfBase ? `${file.fixture.id} (base)` : file.fixture.id;
}

/**
 * Keeps one of several parts of a plan, all of about the same number of trials.
 * Which part a fixture is in follows from the suite alone, so that machines which know nothing of each other agree.
 */
export function shardPlan(
  plan: SuitePlan,
  { index, count }: { readonly index: number; readonly count: number },
  trialsMax: number,
): SuitePlan {
  const loads = Array.from({ length: count }, () => 0);
  const shardOf = new Map<string, number>();
  for (const { id, trials } of heaviestFirst(plan, trialsMax)) {
    const lightest = loads.indexOf(Math.min(...loads));
    loads[lightest] = (loads[lightest] ?? 0) + trials;
    shardOf.set(id, lightest + 1);
  }
  return narrowPlan(plan, ({ file }) => shardOf.get(file.fixture.id) === index, "another shard runs it");
}

/** The versions of one fixture stay together, as they are one case. */
function heaviestFirst({ selected }: SuitePlan, trialsMax: number) {
  const byId = Map.groupBy(selected, ({ file }) => file.fixture.id);
  const trialsIn = ({ fixture }: FixtureFile) => trialsMaxOf(fixture.trials, trialsMax);
  return [...byId]
    .map(([id, versions]) => ({ id, trials: versions.reduce((sum, { file }) => sum + trialsIn(file), 0) }))
    .sort((a, b) => b.trials - a.trials || (a.id < b.id ? -1 : 1));
}
