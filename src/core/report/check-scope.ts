import type { BrokenFixture } from "../suite/suite.ts";
import type { FixtureVerdict } from "../verdict/verdict.ts";
import type { CHECK_NAMES } from "./check-run.ts";
import type { GateReport } from "./gate-report.ts";
import { type Standing, severestFirst, standingOf } from "./standing.ts";

/** Which of the two check runs that speak of fixtures. */
export type CheckKind = Exclude<keyof typeof CHECK_NAMES, "guard">;

/** What one of the two check runs has to speak of. */
export interface CheckScope {
  readonly check: CheckKind;
  /** Fixtures that count in this check, worst first. */
  readonly own: readonly FixtureVerdict[];
  /** All other fixtures that ran. */
  readonly others: readonly FixtureVerdict[];
  /** Fixture files that this head makes unreadable; they count in the blocking check. */
  readonly broken: readonly BrokenFixture[];
}

/** Divides a report between the two check runs. */
export function scopeCheck(report: GateReport, check: CheckKind): CheckScope {
  const sorted = severestFirst(report.verdicts);
  return {
    check,
    own: sorted.filter((verdict) => verdict.weight.countedAs === check),
    others: sorted.filter((verdict) => verdict.weight.countedAs !== check),
    broken: check === "blocking" ? report.plan.broken.filter(({ brokenBy }) => brokenBy === "head") : [],
  };
}

/** Picks the fixtures that stand at the level of a check and count in the other one, since what they say may only warn. */
export function lowered({ check, others }: CheckScope): readonly FixtureVerdict[] {
  return others.filter(({ file }) => file.fixture.level === check);
}

/** Picks the fixtures of a check that stand in one of these ways. */
export function standing(scope: CheckScope, ...wanted: readonly Standing[]): readonly FixtureVerdict[] {
  return scope.own.filter((verdict) => wanted.includes(standingOf(verdict)));
}
