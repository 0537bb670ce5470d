import { describe, expect, test } from "@jest/globals";
import type { Consent, Guarded } from "../../../src/core/guard/consent.ts";
import { CHECK_NAMES, type CheckRun } from "../../../src/core/report/check-run.ts";
import { renderObstacle } from "../../../src/core/report/render-checks.ts";
import { holdByGuard, renderGuard, withGuard } from "../../../src/core/report/render-guard.ts";
import { bytesOf } from "../../../src/core/text/markdown.ts";
import { expectGolden } from "../../build/golden.ts";
import { aWeakened } from "../../build/guarded.ts";
import { liveText } from "../../build/markdown.ts";

const IDENTITY = { headSha: "def5678def5678", externalId: "run-1" };
const GIVEN: Consent = { kind: "given", by: "kim", as: "@acme/support" };
const MISSING: Consent = { kind: "missing", approvers: ["@acme/support"], remarks: [] };

const EVERYTHING: readonly Guarded[] = [
  { weakened: aWeakened(), consent: MISSING },
  {
    weakened: aWeakened({
      name: "says-no",
      headPath: undefined,
      part: { kind: "fixture_removed", movedTo: "evals/templates/no.yml" },
    }),
    consent: GIVEN,
  },
  {
    weakened: aWeakened({
      name: "no-owner",
      owner: undefined,
      part: { kind: "fixture_unreadable", because: "level: expected blocking, got @everyone" },
    }),
    consent: {
      kind: "missing",
      approvers: ["@acme/release-authority", "admin"],
      remarks: ["nobody is named as its owner", "GitHub does not say who is in @acme/release-authority"],
    },
  },
  {
    weakened: aWeakened({
      name: ".github/incident-to-eval.yml",
      headPath: ".github/incident-to-eval.yml",
      owner: "@acme/quality",
      part: {
        kind: "configuration_changed",
        changes: [{ at: "gate.thresholds.suite", before: 0.95, after: 0.5 }],
      },
    }),
    consent: { kind: "missing", approvers: ["@acme/quality"], remarks: [] },
  },
  {
    weakened: aWeakened({ name: "agent/a.md", part: { kind: "out_of_scope", movedTo: "lib/a.md" } }),
    consent: MISSING,
  },
  {
    weakened: aWeakened({ name: "evals/calibration/1.yml", part: { kind: "calibration_changed" } }),
    consent: GIVEN,
  },
];

function pageOf(check: CheckRun): string {
  const state = check.state.kind === "completed" ? check.state.conclusion : check.state.kind;
  const remarks = check.annotations.map(
    ({ path, startLine, level, title, message }) => `- ${level} ${path}:${startLine} ${title}: ${message}`,
  );
  return [`[${state}] ${check.name}`, `# ${check.title}`, check.summary, "----", ...remarks, ""].join("\n\n");
}

test("the guard says what is weakened place by place, and who has to approve it", () => {
  expectGolden("report/guard-missing.md", pageOf(renderGuard(EVERYTHING, IDENTITY)));
});

test("the guard says who approved what", () => {
  const guarded = EVERYTHING.map((one) => ({ ...one, consent: GIVEN }));
  expectGolden("report/guard-approved.md", pageOf(renderGuard(guarded, IDENTITY)));
});

test("a pull request that weakens nothing is told so", () => {
  expectGolden("report/guard-nothing.md", pageOf(renderGuard([], IDENTITY)));
});

test("what a fixture's author wrote shows as text only, and a long list fits the page", () => {
  const hostile = "@everyone <img src=x> | [x](http://evil.example) `\n# Fixes #1";
  const change = { at: hostile, before: hostile, after: { [hostile]: hostile } };
  const part = { kind: "fixture_changed", changes: Array.from({ length: 40 }, () => change) } as const;
  const weakened = aWeakened({ name: hostile, owner: hostile, headPath: hostile, part });
  const consent = { kind: "missing", approvers: [hostile], remarks: [hostile] } as const;
  const guarded = Array.from({ length: 500 }, () => ({ weakened, consent }));
  const check = renderGuard(guarded, IDENTITY);
  expect(bytesOf(check.summary)).toBeLessThanOrEqual(60_000);
  expect(check.title.length).toBeLessThanOrEqual(255);
  expect(check.annotations.length).toBeLessThanOrEqual(100);
  const [one] = guarded;
  const summary = renderGuard(one === undefined ? [] : [one], IDENTITY).summary;
  expect(liveText(summary)).not.toMatch(/@everyone|#1\b/);
});

describe("the blocking check", () => {
  const GREEN: CheckRun = {
    name: CHECK_NAMES.blocking,
    ...IDENTITY,
    state: { kind: "completed", conclusion: "success" },
    title: "All 3 fixtures hold",
    summary: "All is well.",
    annotations: [],
  };
  const RED: CheckRun = {
    ...GREEN,
    state: { kind: "completed", conclusion: "failure" },
    title: "Blocked: 1 of 3 fixtures regressed",
  };
  const WARNING: CheckRun = { ...GREEN, name: CHECK_NAMES.warning };

  test("fails with what is weakened without approval, and the warning check stays as it is", () => {
    const guarded: readonly Guarded[] = [{ weakened: aWeakened(), consent: MISSING }];
    const [blocking, warning] = holdByGuard([GREEN, WARNING], guarded);
    expect(blocking).toMatchObject({
      state: { conclusion: "failure" },
      title: "Blocked: refund-approval-bypass is weakened without approval",
      grounds: [{ on: "guard", acceptable: false }],
    });
    expect(blocking?.summary).toMatch(/^\*\*This pull request weakens 1 fixture without the approval/);
    expect(blocking?.summary).toContain("All is well.");
    expect(warning).toEqual(WARNING);
  });

  test("keeps the title of what it fails for already", () => {
    const [blocking] = holdByGuard([RED], [{ weakened: aWeakened(), consent: MISSING }]);
    expect(blocking?.title).toBe(RED.title);
    expect(blocking?.summary).toContain("without the approval");
  });

  test("stays as it is where all is approved", () => {
    expect(holdByGuard([GREEN], [{ weakened: aWeakened(), consent: GIVEN }])).toEqual([GREEN]);
  });
});

test("where nothing could be looked at, the guard says what the blocking check says, and is red", () => {
  const checks = withGuard(renderObstacle({ kind: "outage", system: "github", message: "gone" }, IDENTITY));
  expect(checks.map(({ name }) => name)).toEqual(Object.values(CHECK_NAMES));
  expect(checks.at(-1)).toMatchObject({
    state: { conclusion: "failure" },
    title: "Could not evaluate: github does not answer",
  });
});
