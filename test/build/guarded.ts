import type { Consent, Guarded } from "../../src/core/guard/consent.ts";
import type { Weakened } from "../../src/core/guard/weakening.ts";

/** A fixture that a pull request makes ask for less, at three places. */
export function aWeakened(overrides: Partial<Weakened> = {}): Weakened {
  return {
    name: "refund-approval-bypass",
    path: "evals/incidents/x.yml",
    headPath: "evals/incidents/x.yml",
    owner: "@acme/support",
    part: {
      kind: "fixture_changed",
      changes: [
        { at: "level", before: "blocking", after: "warning", line: 4 },
        { at: "expect.output.must_not_contain[1]", before: "processed", after: undefined, line: 31 },
        { at: "trials.pass_rate", before: 1, after: 0.5 },
      ],
    },
    ...overrides,
  };
}

/** A weakened fixture whose owner has not approved that, unless something else is said. */
export function aGuarded(
  weakened: Partial<Weakened> = {},
  consent: Consent = { kind: "missing", approvers: ["@acme/support"], remarks: [] },
): Guarded {
  return { weakened: aWeakened(weakened), consent };
}
