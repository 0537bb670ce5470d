import { assertNever } from "../problem.ts";
import type { Conclusion, Verdict } from "../verdict/verdict.ts";
import { plural } from "./amounts.ts";
import { type CheckScope, lowered, standing } from "./check-scope.ts";
import type { GateReport } from "./gate-report.ts";

/** Says in the title what a check decided, so that nobody has to open it to know. */
export function decideTitle(report: GateReport, scope: CheckScope, conclusion: Conclusion): string {
  switch (conclusion) {
    case "success":
      return scope.own.length === 0 ? emptyTitle(report, scope) : goodTitle(scope);
    case "failure":
      return badTitle(scope, "Blocked") ?? `Blocked: ${passShare(report)}`;
    case "neutral":
      return badTitle(scope, "Warning") ?? `Warning: ${passShare(report)}`;
    case "action_required":
      return badTitle(scope, "Action required") ?? `Action required: ${passShare(report)}`;
    case "cancelled":
      return "Cancelled: a newer commit was pushed";
    default:
      return assertNever(conclusion);
  }
}

function emptyTitle({ plan, verdicts }: GateReport, scope: CheckScope): string {
  if (lowered(scope).length > 0) return "Nothing blocks: what protects the change may only warn here";
  if (verdicts.length > 0) return `Nothing to run: no ${scope.check} fixture protects what changed`;
  if (plan.changes.length > 0) return "Nothing to run: no fixture protects what changed";
  return "Nothing to run: no change type matched";
}

function goodTitle(scope: CheckScope): string {
  const counts = ([verdict, word]: readonly [Verdict, string]): string | undefined => {
    const count = scope.own.filter((one) => one.verdict === verdict).length;
    return count === 0 ? undefined : `${count} ${word}`;
  };
  const held = scope.own.filter(({ verdict }) => verdict === "held").length;
  if (held === scope.own.length) return held === 1 ? "1 fixture holds" : `All ${held} fixtures hold`;
  const others = [
    ["fixed", "fixed"],
    ["reproduces", "reproducing"],
    ["unresolved", "unresolved"],
    ["quarantined", "in quarantine"],
  ] as const;
  const parts = others.map(counts).filter((part) => part !== undefined);
  const known = held === 0 ? [] : [`${plural(held, "fixture")} ${held === 1 ? "holds" : "hold"}`];
  // With no fixture named yet, the first count has to say what it counts.
  const named =
    held === 0
      ? parts.map((part, index) =>
          index === 0 ? part.replace(/^(\d+)/, (count) => plural(Number(count), "fixture")) : part,
        )
      : parts;
  const rest =
    scope.own.length > held && named.length === 0 ? [plural(scope.own.length - held, "other")] : [];
  return [...known, ...named, ...rest].join(", ");
}

function badTitle(scope: CheckScope, word: string): string | undefined {
  const failing = standing(scope, "failing");
  const undecided = standing(scope, "undecided").length;
  const total = plural(scope.own.length, "fixture");
  const kinds = [
    ["regressed", "regressed"],
    ["still_broken", "still broken"],
    ["unstable", "unstable"],
  ] as const;
  const parts = kinds
    .map(([verdict, said]) => ({ said, count: failing.filter((one) => one.verdict === verdict).length }))
    .filter(({ count }) => count > 0)
    .map(({ said, count }, index) => (index === 0 ? `${count} of ${total} ${said}` : `${count} ${said}`));
  const unreadable =
    scope.broken.length > 0 ? [`${plural(scope.broken.length, "fixture file")} cannot be read`] : [];
  if (parts.length + unreadable.length > 0) {
    const open = undecided > 0 ? [`${undecided} could not be evaluated`] : [];
    return `${word}: ${[...parts, ...open, ...unreadable].join(", ")}`;
  }
  return undecided > 0 ? `Could not evaluate ${undecided} of ${total}` : undefined;
}

function passShare({ verdicts }: GateReport): string {
  const passed = verdicts.filter(({ candidate }) => candidate.outcome === "passed").length;
  return `${passed} of ${plural(verdicts.length, "fixture")} ${passed === 1 ? "passes" : "pass"}`;
}
