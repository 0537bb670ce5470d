import { expect, test } from "@jest/globals";
import { CHECK_NAMES, type CheckRun, type Ground } from "../../../src/core/report/check-run.ts";
import {
  isRed,
  type Override,
  overridable,
  overrideChecks,
} from "../../../src/core/report/override-checks.ts";
import type { Conclusion } from "../../../src/core/verdict/verdict.ts";
import { expectGolden } from "../../build/golden.ts";

const { blocking, warning } = CHECK_NAMES;
const REGRESSED: Ground = { on: "fixture asks-first", says: "regressed", acceptable: true };
const OPEN: Ground = { on: "fixture is-polite", says: "undecided", acceptable: true };
const UNREADABLE: Ground = { on: "file evals/x.yml", says: "cannot be read", acceptable: false };

function aCheck(
  conclusion: Conclusion,
  grounds?: readonly Ground[],
  name: CheckRun["name"] = blocking,
): CheckRun {
  return {
    name,
    headSha: "def5678",
    state: { kind: "completed", conclusion },
    title: "Blocked: 1 of 1 fixture regressed",
    summary: "With this pull request the agent fails 1 known case.",
    annotations: [],
    ...(grounds === undefined ? {} : { grounds }),
    externalId: "run-1",
  };
}

function anOverride(change: Partial<Override> = {}): Override {
  return {
    actor: "max",
    as: "@acme/release-authority",
    reason: "customers wait, and [we](https://evil.example) watch @everyone",
    at: new Date("2026-11-21T10:30:00Z"),
    hides: [{ check: blocking, on: "fixture asks-first", says: "regressed" }],
    expiresAt: new Date("2026-11-28T10:30:00Z"),
    ...change,
  };
}

function overridden(check: CheckRun, ...overrides: readonly Override[]): CheckRun {
  const [first] = overrideChecks([check], overrides);
  if (first === undefined) throw new Error("a check went missing");
  return first;
}

const hides = (on: string, says: string) => ({ check: blocking, on, says });

test.each([
  { what: "what it was given for", check: aCheck("failure", [REGRESSED]), override: {}, green: true },
  {
    what: "less than it was given for",
    check: aCheck("failure", [REGRESSED]),
    override: { hides: [hides("fixture asks-first", "regressed"), hides("fixture gone", "unstable")] },
    green: true,
  },
  {
    what: "something else beside it",
    check: aCheck("failure", [REGRESSED, OPEN]),
    override: {},
    green: false,
  },
  {
    what: "the same fixture with another verdict",
    check: aCheck("failure", [{ ...REGRESSED, says: "undecided" }]),
    override: {},
    green: false,
  },
  {
    what: "the same fixture in another check",
    check: aCheck("action_required", [REGRESSED], warning),
    override: {},
    green: false,
  },
  {
    what: "what nobody can accept",
    check: aCheck("failure", [UNREADABLE]),
    override: { hides: [hides("file evals/x.yml", "cannot be read")] },
    green: false,
  },
  { what: "a check of an earlier version", check: aCheck("failure"), override: {}, green: false },
] as const)("$what: lets it through: $green", ({ check, override, green }) => {
  const result = overridden(check, anOverride(override));
  expect(isRed(result)).toBe(!green);
  expect(result.state).toEqual(green ? { kind: "completed", conclusion: "success" } : check.state);
});

test.each<CheckRun["state"]>([
  { kind: "completed", conclusion: "success" },
  { kind: "completed", conclusion: "neutral" },
  { kind: "completed", conclusion: "cancelled" },
  { kind: "in_progress" },
])("a check that stands in nobody's way stays as it is: %j", (state) => {
  const check = { ...aCheck("failure", [REGRESSED]), state };
  expect(overridden(check, anOverride())).toBe(check);
});

test("any of several overrides will do, and without any nothing changes", () => {
  const check = aCheck("failure", [OPEN]);
  expect(overridden(check)).toBe(check);
  const fitting = anOverride({ actor: "olga", hides: [hides("fixture is-polite", "undecided")] });
  expect(overridden(check, anOverride(), fitting).title).toContain("@olga");
});

test("what an override would hide is listed by check, and what nobody can accept apart", () => {
  const red = [aCheck("failure", [REGRESSED, UNREADABLE]), aCheck("action_required", [OPEN], warning)];
  expect(overridable([...red, aCheck("success", [REGRESSED])])).toEqual({
    hides: [
      { check: blocking, on: "fixture asks-first", says: "regressed" },
      { check: warning, on: "fixture is-polite", says: "undecided" },
    ],
    unacceptable: [{ check: blocking, ...UNREADABLE }],
  });
});

test("it is said who overrode what and why, above what the check says without it", () => {
  const check = overridden(aCheck("failure", [REGRESSED]), anOverride());
  expect(check.title).toBe(
    "Overridden by @max: customers wait, and [we](https://evil.example) watch @everyone",
  );
  expectGolden("report/override.md", check.summary);
  const refused = overridden(aCheck("failure", [REGRESSED, OPEN]), anOverride());
  expectGolden("report/override-too-narrow.md", refused.summary);
});

test("an endless reason and a full page stay within what GitHub takes", () => {
  const check = { ...aCheck("failure", [REGRESSED]), summary: "x".repeat(65_000) };
  const result = overridden(check, anOverride({ reason: "why ".repeat(20_000) }));
  expect(result.title.length).toBeLessThanOrEqual(255);
  expect(Buffer.byteLength(result.summary)).toBeLessThanOrEqual(65_535);
});
