import { describe, expect, test } from "@jest/globals";
import { noteMergeGroup, pullRequestsOfGroup } from "../../../src/core/report/render-merge-group.ts";
import {
  answerRelease,
  approveOverridden,
  type Release,
  rejectUnevaluated,
  renderReleaseCheck,
} from "../../../src/core/report/render-release.ts";
import { weighForRelease } from "../../../src/core/verdict/weigh-release.ts";
import { expectGolden } from "../../build/golden.ts";
import { aCheckRun } from "../../build/proposals.ts";
import { aGateReport, aHeldVerdict, aMixedReport, anIncidentFile, aVerdict } from "../../build/reports.ts";

const RELEASE: Release = {
  environment: "production",
  sha: "3f9c2aa4d1b7e6058c1f2a90b4e7d6c5a8f91e20",
  deployed: "8d2e4f6a1b3c5d7e9f0a2b4c6d8e0f1a3b5c7d9e",
  url: "https://github.test/acme/shop",
};

function rejected() {
  const report = aMixedReport();
  const verdicts = report.verdicts.map(weighForRelease);
  return { ...report, verdicts, conclusions: { ...report.conclusions, blocking: "failure" as const } };
}

describe("a release", () => {
  test("that is rejected is told what stands in its way, who acts, and how it goes out all the same", () => {
    const { state, comment } = answerRelease(rejected(), RELEASE);
    expect(state).toBe("rejected");
    expectGolden("report/release-rejected.md", `${comment}\n`);
  });

  test("that is approved is told by what", () => {
    const report = aGateReport([aHeldVerdict("asks-first"), aHeldVerdict("stops-first")]);
    const { state, comment } = answerRelease(report, RELEASE);
    expect(state).toBe("approved");
    expectGolden("report/release-approved.md", `${comment}\n`);
  });

  test("for which there is no fixture is approved in words that say so", () => {
    const { state, comment } = answerRelease(aGateReport([]), { ...RELEASE, deployed: undefined });
    expect(state).toBe("approved");
    expect(comment).toContain("nothing was run and nothing is known");
    expect(comment).toContain("there was no baseline");
  });

  test("has its whole report on its commit", () => {
    const check = renderReleaseCheck(rejected(), RELEASE, "run-1");
    expect(check).toMatchObject({ name: "incident-to-eval / release", annotations: [] });
    expectGolden("report/release-check.md", `# ${check.title}\n\n${check.summary}\n\n---\n\n${check.text}\n`);
  });

  test("that could not be evaluated is rejected with who has to act", () => {
    const { comment } = rejectUnevaluated({ kind: "fault", reference: "release:9:1:production" }, RELEASE);
    expectGolden("report/release-not-evaluated.md", `${comment}\n`);
  });

  test("whose configuration cannot be used is told what is wrong with it", () => {
    const problems = [{ at: "version", expected: "1", got: "7", line: 1 }];
    const path = ".github/incident-to-eval.yml";
    const { comment } = rejectUnevaluated({ kind: "configuration", at: "head", path, problems }, RELEASE);
    expectGolden("report/release-configuration.md", `${comment}\n`);
  });

  test("that somebody let through says who, as whom and why, and lets nobody write into it", () => {
    const reason = "It burns.\n\n**Approved by** @acme/board <!-- ![x](https://evil.test) -->";
    const { comment } = approveOverridden({ actor: "olga", as: "@acme/release", reason }, RELEASE);
    expectGolden("report/release-overridden.md", `${comment}\n`);
  });

  test.each([1, 20, 2_000])(
    "with %d failures is answered within GitHub's limit, and says what it leaves out",
    (count) => {
      const verdicts = Array.from({ length: count }, (_, at) =>
        aVerdict({
          file: anIncidentFile({ id: `failing-${at}`, owner: `@acme/team-${"x".repeat(60)}-${at}` }),
        }),
      );
      const conclusions = { blocking: "failure", warning: "neutral" } as const;
      const { comment } = answerRelease(aGateReport(verdicts, { conclusions }), RELEASE);
      expect(Buffer.byteLength(comment)).toBeLessThanOrEqual(1_024);
      expect(comment).toContain(
        `${count.toLocaleString("en-GB")} of ${count.toLocaleString("en-GB")} blocking fixture`,
      );
      expect(comment).toContain("**Who has to act:**");
      expect(comment.includes("more, left out for length")).toBe(count > 1);
      expect(comment).toContain("[The whole report](https://github.test/acme/shop/commit/3f9c2aa4d1b7");
    },
  );
});

describe("a verdict weighed for a release", () => {
  test.each([
    { level: "blocking", verdict: "unresolved", effect: "blocks" },
    { level: "blocking", verdict: "reproduces", effect: "blocks" },
    { level: "warning", verdict: "unresolved", effect: "warns" },
    { level: "exploratory", verdict: "unresolved", effect: "none" },
    { level: "blocking", verdict: "held", effect: "none" },
    { level: "blocking", verdict: "fixed", effect: "none" },
    { level: "blocking", verdict: "regressed", effect: "blocks" },
  ] as const)("$verdict of a $level fixture: $effect", ({ level, verdict, effect }) => {
    const file = anIncidentFile({ level });
    expect(weighForRelease(aVerdict({ file, verdict })).weight.effect).toBe(effect);
  });
});

describe("a group of the merge queue", () => {
  test.each([
    { ref: "refs/heads/gh-readonly-queue/main/pr-7-8d2e4f6a", numbers: [7] },
    { ref: "gh-readonly-queue/release/pr-1/pr-12-8d2e4f6a", numbers: [12] },
    { ref: "refs/heads/gh-readonly-queue/main/pr-7-pr-8-8d2e4f6a", numbers: [7, 8] },
    { ref: "refs/heads/gh-readonly-queue/main/pr-7-pr-7-8d2e4f6a", numbers: [7] },
    { ref: "refs/heads/pr-7", numbers: [] },
    { ref: "refs/heads/main", numbers: [] },
  ])("$ref holds $numbers", ({ ref, numbers }) => {
    expect(pullRequestsOfGroup(ref)).toEqual(numbers);
  });

  test("says what it holds above what its checks say", () => {
    const group = { headRef: "refs/heads/gh-readonly-queue/main/pr-7-8d2e", baseRef: "refs/heads/main" };
    const [check] = noteMergeGroup([aCheckRun("g1", { summary: "All hold." })], group);
    expectGolden("report/merge-group.md", `${check?.summary}\n`);
  });
});
