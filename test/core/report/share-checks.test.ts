import { expect, test } from "@jest/globals";
import type { CheckRun } from "../../../src/core/report/check-run.ts";
import { noteBrokenJudging } from "../../../src/core/report/note-broken-judging.ts";
import { shareChecks } from "../../../src/core/report/share-checks.ts";
import type { Conclusion } from "../../../src/core/verdict/verdict.ts";
import { expectGolden } from "../../build/golden.ts";

const RERUN = { id: "rerun", label: "Re-run", description: "Once more" };

/** A blocking check that came to this; none while it is not decided. */
function checksOf(conclusion: Conclusion | undefined): readonly CheckRun[] | undefined {
  if (conclusion === undefined) return undefined;
  const check: CheckRun = {
    name: "incident-to-eval / blocking",
    headSha: "def5678",
    state: { kind: "completed", conclusion },
    title: conclusion === "success" ? "1 fixture holds" : "Blocked: 1 of 1 fixture regressed",
    summary: "What it came to.",
    annotations: [],
    ...(conclusion === "success" ? {} : { actions: [RERUN] }),
    externalId: "run-1",
  };
  return [check];
}

function share(own: Conclusion, others: readonly (Conclusion | undefined)[]): CheckRun {
  const [shared] = shareChecks(
    { pullRequest: 5, checks: checksOf(own) ?? [] },
    others.map((conclusion, index) => ({ pullRequest: 7 + index, checks: checksOf(conclusion) })),
  );
  if (shared === undefined) throw new Error("a check went missing");
  return shared;
}

const completed = (conclusion: Conclusion) => ({ kind: "completed", conclusion });
const WAITING = { kind: "in_progress" };

test.each([
  { own: "success", others: [], state: completed("success") },
  { own: "success", others: ["success"], state: completed("success") },
  { own: "success", others: ["neutral"], state: completed("neutral") },
  { own: "success", others: ["failure"], state: completed("failure") },
  { own: "success", others: [undefined], state: WAITING },
  { own: "success", others: ["cancelled"], state: WAITING },
  { own: "neutral", others: ["action_required"], state: completed("action_required") },
  { own: "failure", others: ["success", undefined], state: completed("failure") },
  { own: "success", others: [undefined, "failure"], state: completed("failure") },
] as const)("$own beside $others counts as $state", ({ own, others, state }) => {
  expect(share(own, others).state).toEqual(state);
});

test("a check that others make worse offers what theirs offer, and says whose result it shows", () => {
  const worse = share("success", ["failure", "neutral"]);
  expect(worse.actions).toEqual([RERUN]);
  expect(share("failure", ["failure"]).title).toBe("Blocked: 1 of 1 fixture regressed");
  expectGolden("report/check-shared.md", `# ${worse.title}\n\n${worse.summary}\n`);
});

test("a check that nobody makes worse is left as it is", () => {
  expect([share("success", ["success"])]).toEqual(checksOf("success"));
});

test("what judged in place of a broken configuration is said below the result", () => {
  const problems = [{ at: "agent", expected: "agents", got: "3", line: 2 }];
  const texts = (["last_usable", "head"] as const).flatMap((judgedBy) =>
    noteBrokenJudging(checksOf("success") ?? [], problems, judgedBy).map(({ summary }) => summary),
  );
  expectGolden("report/check-broken-judging.md", `${texts.join("\n\n---\n\n")}\n`);
  expect(noteBrokenJudging(checksOf("success") ?? [], [], "head")).toEqual(checksOf("success"));
});

test("a result of a version that had no check of the name holds none of that name up", () => {
  const [check] = checksOf("success") ?? [];
  if (check === undefined) throw new Error("there is no check");
  const guard = { ...check, name: "incident-to-eval / guard" } as const;
  const others = [{ pullRequest: 7, checks: checksOf("failure") }];
  expect(shareChecks({ pullRequest: 5, checks: [guard] }, others)).toEqual([guard]);
  const undecided = [{ pullRequest: 7, checks: undefined }];
  expect(shareChecks({ pullRequest: 5, checks: [guard] }, undecided)[0]?.state).toEqual(WAITING);
});
