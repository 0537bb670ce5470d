import { type GateInputs, type GatePlan, planGate } from "./plan-gate.ts";
import type { Selected } from "./suite.ts";

const EVERY_TIER = "a release runs the fixtures of every tier";

/**
 * Decides what a release runs: every fixture of the default branch and of the candidate, whatever changed.
 *
 * Nobody proposes fixtures by a release: one that is new since the last deployment has no excuse to fail, and a
 * file that nobody can read is a question without an answer, however long it has been broken.
 */
export function planRelease(inputs: GateInputs): GatePlan {
  const everythingBecause = inputs.everythingBecause ?? EVERY_TIER;
  const plan = planGate({ ...inputs, everythingBecause });
  const unread = new Set(inputs.proposed.broken.map(({ path }) => path));
  return {
    ...plan,
    suite: {
      ...plan.suite,
      selected: plan.suite.selected.map(asReleased),
      broken: plan.suite.broken.map((file) => (unread.has(file.path) ? { ...file, brokenBy: "head" } : file)),
    },
  };
}

function asReleased(selected: Selected): Selected {
  const { origin } = selected;
  const isProposed = origin === "added" || origin === "changed";
  return { ...selected, origin: isProposed ? "unchanged" : origin, because: EVERY_TIER };
}
