import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { WrittenFixture } from "../../../src/core/fixture/fixture.ts";
import { conclude } from "../../../src/core/verdict/conclude.ts";
import {
  type FixtureVerdict,
  type Origin,
  VERDICTS,
  type Verdict,
} from "../../../src/core/verdict/verdict.ts";
import { aFixtureFile } from "../../build/fixtures.ts";
import { aSide, aVerdict } from "../../build/reports.ts";
import { aConfig } from "../../build/snapshots.ts";

const NO_BROKEN = { broken: [] };
const CONFIG = aConfig();
const STRICT = aConfig({ gate: { warning: "require_override" } });
/** A threshold that no share falls below, so that a test can be about one fixture's own effect. */
const NO_THRESHOLD = aConfig({ gate: { thresholds: { suite: 0.000001 } } });

function verdict(
  kind: Verdict,
  fixture: Partial<WrittenFixture> = {},
  more: { judgedOnly?: boolean; origin?: Origin } = {},
): FixtureVerdict {
  const outcomes = { held: "passed", fixed: "passed", undecided: "undecided", not_run: "not_run" } as const;
  const outcome = kind in outcomes ? outcomes[kind as keyof typeof outcomes] : "failed";
  return aVerdict({
    file: aFixtureFile(fixture),
    verdict: kind,
    origin: more.origin ?? "unchanged",
    candidate: aSide(outcome, { judgedOnly: more.judgedOnly ?? false }),
  });
}

/** Fixtures that hold, so that one failure does not carry the suite below its threshold. */
const held = Array.from({ length: 30 }, (_, index) => verdict("held", { id: `holds-${index}` }));

describe("a blocking fixture", () => {
  test.each([
    { kind: "held", blocking: "success" },
    { kind: "fixed", blocking: "success" },
    { kind: "unresolved", blocking: "success" },
    { kind: "reproduces", blocking: "success" },
    { kind: "regressed", blocking: "failure" },
    { kind: "still_broken", blocking: "failure" },
    { kind: "unstable", blocking: "failure" },
    { kind: "undecided", blocking: "failure" },
    { kind: "not_run", blocking: "failure" },
  ] as const)("that is $kind concludes $blocking, however many others hold", ({ kind, blocking }) => {
    expect(conclude(NO_BROKEN, [...held, verdict(kind)], CONFIG)).toEqual({ blocking, warning: "success" });
  });

  test.each(["regressed", "still_broken", "unstable"] as const)(
    "that is %s by the word of a judge alone warns",
    (kind) => {
      const judged = [...held, verdict(kind, {}, { judgedOnly: true })];
      expect(conclude(NO_BROKEN, judged, CONFIG)).toEqual({ blocking: "success", warning: "neutral" });
    },
  );

  test("that a judge alone leaves open is an open question of the warning check", () => {
    const open = [...held, verdict("undecided", {}, { judgedOnly: true })];
    expect(conclude(NO_BROKEN, open, CONFIG)).toEqual({ blocking: "success", warning: "action_required" });
  });

  const incident = { source: { kind: "incident" } } as const;
  const proven = {
    source: { kind: "incident", fails_on: { sha: "1a2b3c4", failed: 10, trials: 10 } },
  } as const;

  test.each([
    { fixture: incident, kind: "regressed", blocking: "success", warning: "neutral" },
    { fixture: incident, kind: "undecided", blocking: "success", warning: "action_required" },
    { fixture: incident, kind: "reproduces", blocking: "success", warning: "success" },
    { fixture: proven, kind: "regressed", blocking: "failure", warning: "success" },
    { fixture: { source: { kind: "golden" } }, kind: "regressed", blocking: "failure", warning: "success" },
  ] as const)(
    "that the pull request adds ($fixture) and is $kind concludes $blocking and $warning",
    ({ fixture, kind, ...conclusions }) => {
      const added = [...held, verdict(kind, fixture, { origin: "added" })];
      expect(conclude(NO_BROKEN, added, CONFIG)).toEqual(conclusions);
    },
  );
});

describe("a warning fixture", () => {
  test.each([
    { kind: "held", warning: "success", strict: "success" },
    { kind: "unresolved", warning: "success", strict: "success" },
    { kind: "unstable", warning: "success", strict: "success" },
    { kind: "regressed", warning: "neutral", strict: "action_required" },
    { kind: "still_broken", warning: "neutral", strict: "action_required" },
    { kind: "undecided", warning: "action_required", strict: "action_required" },
    { kind: "not_run", warning: "action_required", strict: "action_required" },
  ] as const)("that is $kind concludes $warning, or $strict where an override is required", (row) => {
    const verdicts = [...held, verdict(row.kind, { level: "warning" })];
    expect(conclude(NO_BROKEN, verdicts, CONFIG)).toEqual({ blocking: "success", warning: row.warning });
    expect(conclude(NO_BROKEN, verdicts, STRICT)).toEqual({ blocking: "success", warning: row.strict });
  });
});

test("an exploratory fixture never affects a check", () => {
  for (const kind of VERDICTS) {
    const verdicts = [verdict(kind, { level: "exploratory" })];
    expect(conclude(NO_BROKEN, verdicts, CONFIG)).toEqual({ blocking: "success", warning: "success" });
  }
});

test.each([
  { brokenBy: "head", blocking: "failure" },
  { brokenBy: "base", blocking: "success" },
] as const)("a fixture file that the $brokenBy breaks concludes $blocking", ({ brokenBy, blocking }) => {
  const broken = [{ path: "evals/x.yml", problems: [], brokenBy }];
  expect(conclude({ broken }, held, CONFIG).blocking).toBe(blocking);
});

test("nothing to run is a success, which the check says in words", () => {
  expect(conclude(NO_BROKEN, [], CONFIG)).toEqual({ blocking: "success", warning: "success" });
});

test.each([
  { passes: 19, fails: 1, warning: "success" },
  { passes: 18, fails: 2, warning: "neutral" },
])(
  "a suite with $passes passes and $fails unresolved fixtures concludes $warning at 0.95",
  ({ passes, fails, warning }) => {
    const verdicts = [
      ...held.slice(0, passes),
      ...Array.from({ length: fails }, () => verdict("unresolved")),
    ];
    expect(conclude(NO_BROKEN, verdicts, CONFIG)).toEqual({ blocking: "success", warning });
  },
);

test("a fixture that reproduces its incident as it should is no failed pass", () => {
  expect(conclude(NO_BROKEN, [verdict("reproduces", {}, { origin: "added" })], CONFIG).warning).toBe(
    "success",
  );
});

test("the order of the fixtures changes no conclusion, and no block is averaged away", () => {
  const drawn = fc.record({
    kind: fc.constantFrom(...VERDICTS),
    level: fc.constantFrom("blocking", "warning", "exploratory"),
    judgedOnly: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(drawn, { maxLength: 12 }), (rows) => {
      const verdicts = rows.map(({ kind, level, judgedOnly }) => verdict(kind, { level }, { judgedOnly }));
      const forward = conclude(NO_BROKEN, verdicts, NO_THRESHOLD);
      expect(conclude(NO_BROKEN, verdicts.toReversed(), NO_THRESHOLD)).toEqual(forward);
      const isOpen = rows.some(
        ({ kind, level, judgedOnly }) =>
          level === "blocking" && !judgedOnly && (kind === "undecided" || kind === "not_run"),
      );
      if (isOpen) expect(forward.blocking).toBe("failure");
    }),
  );
});
