import { inlineCode } from "../text/markdown.ts";
import type { Conclusion, FixtureVerdict } from "../verdict/verdict.ts";
import { hasDrifted } from "../verdict/wavering.ts";
import { listing, plural } from "./amounts.ts";
import { type CheckScope, lowered, standing } from "./check-scope.ts";
import type { GateReport } from "./gate-report.ts";
import { incidentOf } from "./verdict-table.ts";

const INCIDENTS_SHOWN_MAX = 3;

/** Says in one or two sentences what a check's conclusion means for the one who opened it. */
export function renderStatement(report: GateReport, scope: CheckScope, conclusion: Conclusion): string {
  const base = inlineCode(report.base.branch);
  const facts = conclusion === "success" ? goodFacts(report, scope) : badFacts(scope, base);
  return `${facts}${consequence(scope, conclusion)}`;
}

function goodFacts({ plan, verdicts }: GateReport, scope: CheckScope): string {
  if (scope.own.length > 0)
    return `Every ${scope.check} fixture that protects what changed was run, and none stands in the way.`;
  if (verdicts.length === 0 && plan.changes.length === 0)
    return "Nothing was run, because nothing that an agent is made of changed.";
  if (lowered(scope).length > 0)
    return `Every ${scope.check} fixture that protects what changed was run, and what they say may only warn: it stands in the warning check, with the reason.`;
  const changed = plan.changes.length > 0 ? "The agent changed" : "Fixtures changed";
  return `${changed} and no ${scope.check} fixture protects what changed: this check is green because there was nothing to run, not because anything passed.`;
}

function badFacts(scope: CheckScope, base: string): string {
  const failing = standing(scope, "failing");
  const has = (verdict: string): boolean => failing.some((one) => one.verdict === verdict);
  if (has("regressed")) return regressionFacts(scope, base);
  if (has("still_broken")) return `The agent fails a case that once held; it fails on ${base} as well.`;
  if (has("unstable")) return unstableFacts(failing);
  if (scope.broken.length > 0) return "This pull request leaves a fixture file that nobody can run.";
  if (standing(scope, "undecided").length > 0)
    return "We could not find out whether the agent still behaves.";
  return "Fewer fixtures pass than this repository asks for.";
}

function unstableFacts(failing: readonly FixtureVerdict[]): string {
  const unstable = failing.filter(({ verdict }) => verdict === "unstable");
  return unstable.every(hasDrifted)
    ? "A case that passed less than a day ago now fails, with and without this pull request."
    : "A case sometimes passes and sometimes fails, with and without this pull request.";
}

function regressionFacts({ own }: CheckScope, base: string): string {
  const regressed = own.filter(({ verdict }) => verdict === "regressed");
  const incidents = [...new Set(regressed.map(incidentOf).filter((incident) => incident !== undefined))];
  const again = incidents.length === 0 ? "" : `: it repeats ${listing(incidents, INCIDENTS_SHOWN_MAX)}`;
  const cases = plural(regressed.length, "known case");
  const untold = regressed.filter(({ baseline }) => baseline?.outcome !== "passed").length;
  if (untold === 0)
    return `With this pull request the agent fails ${cases} that it passes on ${base}${again}.`;
  const which = untold === regressed.length ? "" : `, of ${untold} of them`;
  return `With this pull request the agent fails ${cases}; whether it passes on ${base} could not be found out${which}${again}.`;
}

function consequence(scope: CheckScope, conclusion: Conclusion): string {
  if (conclusion === "neutral") return " This is a warning and does not stop the merge.";
  if (conclusion === "action_required")
    return " Somebody has to decide before this check lets the merge through.";
  if (conclusion !== "failure") return "";
  const isKnown = standing(scope, "failing").length > 0;
  return isKnown ? " The check fails until that is mended." : " What is not known to pass does not pass.";
}
