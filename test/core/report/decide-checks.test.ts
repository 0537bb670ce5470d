import { describe, expect, test } from "@jest/globals";
import { decideChecks, type Outcome } from "../../../src/core/report/decide-checks.ts";
import { aGuarded } from "../../build/guarded.ts";
import { aGateReport, aHeldVerdict, aVerdict } from "../../build/reports.ts";
import { aConfig } from "../../build/snapshots.ts";

const IDENTITY = { headSha: "def5678def5678", externalId: "run-1" };
const GIVEN = { kind: "given", by: "kim", as: "@acme/support" } as const;

const base = aVerdict({ verdict: "regressed", origin: "base_version" });
const outcome: Outcome = {
  kind: "report",
  report: aGateReport([base, aHeldVerdict("refund-small")], {
    conclusions: { blocking: "failure", warning: "neutral" },
  }),
  gate: aConfig().gate,
};
const name = base.file.fixture.id;

const concluded = (checks: ReturnType<typeof decideChecks>) =>
  checks.map(({ state }) => (state.kind === "completed" ? state.conclusion : state.kind));

describe("the version of a fixture on the base fails", () => {
  test("it blocks while nobody approved the change of the fixture, and so does the guard", () => {
    const checks = decideChecks({ outcome, guarded: [aGuarded({ name })] }, IDENTITY);
    expect(concluded(checks)).toEqual(["failure", "neutral", "failure"]);
    expect(checks[0]?.title).toContain("regressed");
  });

  test("it is listed once the change is approved, with who did", () => {
    const checks = decideChecks({ outcome, guarded: [aGuarded({ name }, GIVEN)] }, IDENTITY);
    expect(concluded(checks)).toEqual(["success", "success", "success"]);
    expect(checks[0]?.summary).toContain("change approved");
    expect(checks[2]?.title).toBe(`Approved: ${name} is weakened`);
  });

  test("the approval of another fixture does not let it through", () => {
    const guarded = [aGuarded({ name: "another" }, GIVEN)];
    expect(concluded(decideChecks({ outcome, guarded }, IDENTITY))).toEqual([
      "failure",
      "neutral",
      "success",
    ]);
  });

  test("the approval of the scope of a file with the fixture's name does not either", () => {
    const guarded = [aGuarded({ name, part: { kind: "out_of_scope", movedTo: "lib/a.md" } }, GIVEN)];
    expect(concluded(decideChecks({ outcome, guarded }, IDENTITY))).toEqual([
      "failure",
      "neutral",
      "success",
    ]);
  });
});

test.each([
  { what: "a run that cost too much to make", obstacle: { kind: "fork", owner: "otto" }, guard: "success" },
  {
    what: "a configuration that nobody can read",
    obstacle: { kind: "configuration", path: "x.yml", at: "head", problems: [] },
    guard: "failure",
  },
] as const)("$what leaves the guard at $guard where nothing else is weakened", ({ obstacle, guard }) => {
  const checks = decideChecks({ outcome: { kind: "obstacle", obstacle }, guarded: [] }, IDENTITY);
  expect(concluded(checks)).toEqual(["failure", "action_required", guard]);
});
