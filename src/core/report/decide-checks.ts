import type { Config } from "../config/config.ts";
import { agreedFixtures, type Guarded } from "../guard/consent.ts";
import type { ConfigEffect } from "../suite/config-effect.ts";
import { acceptChanges } from "../verdict/accept-changes.ts";
import { conclude } from "../verdict/conclude.ts";
import type { CheckRun } from "./check-run.ts";
import type { GateObstacle, GateReport } from "./gate-report.ts";
import { type RunIdentity, renderChecks, renderObstacle } from "./render-checks.ts";
import { withConfigEffect } from "./render-config-effect.ts";
import { holdByGuard, renderGuard, withGuard } from "./render-guard.ts";

/** What came of running the suite of a pull request, before anybody's approval is heard. */
export type Outcome =
  | { readonly kind: "report"; readonly report: GateReport; readonly gate: Config["gate"] }
  | { readonly kind: "obstacle"; readonly obstacle: GateObstacle };

/** All that the three check runs of a pull request are decided from. */
export interface GateFindings {
  readonly outcome: Outcome;
  /** What it weakens, with the approvals that were heard so far. */
  readonly guarded: readonly Guarded[];
  /** What the configuration that it brings would select; missing where it brings none. */
  readonly effect?: ConfigEffect | undefined;
}

/** Renders the three check runs of a pull request: blocking, warning and guard. */
export function decideChecks(findings: GateFindings, identity: RunIdentity): readonly CheckRun[] {
  return withConfigEffect(checksOf(findings, identity), findings.effect);
}

function checksOf(findings: GateFindings, identity: RunIdentity): readonly CheckRun[] {
  const { outcome, guarded } = findings;
  if (outcome.kind === "report") {
    const report = agreedReport(outcome.report, outcome.gate, guarded);
    return guardedChecks(renderChecks(report, identity.externalId), guarded, identity);
  }
  const checks = renderObstacle(outcome.obstacle, identity);
  // What nobody can read cannot be compared either.
  if (outcome.obstacle.kind === "configuration") return withGuard(holdByGuard(checks, guarded));
  return guardedChecks(checks, guarded, identity);
}

/** Gives a report in which what the changed fixtures said before their approved change is only listed. */
export function agreedReport(
  report: GateReport,
  gate: Config["gate"],
  guarded: readonly Guarded[],
): GateReport {
  const agreed = agreedFixtures(guarded);
  if (agreed.size === 0) return report;
  const verdicts = acceptChanges(report.verdicts, agreed);
  return { ...report, verdicts, conclusions: conclude(report.plan, verdicts, { gate }) };
}

function guardedChecks(
  checks: readonly CheckRun[],
  guarded: readonly Guarded[],
  identity: RunIdentity,
): readonly CheckRun[] {
  return [...holdByGuard(checks, guarded), renderGuard(guarded, identity)];
}
