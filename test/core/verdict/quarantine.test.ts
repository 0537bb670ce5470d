import { expect, test } from "@jest/globals";
import { conclude } from "../../../src/core/verdict/conclude.ts";
import { listQuarantined } from "../../../src/core/verdict/quarantine.ts";
import { VERDICTS } from "../../../src/core/verdict/verdict.ts";
import { countSides, wavers } from "../../../src/core/verdict/wavering.ts";
import { aHeldVerdict, anIncidentFile, aPassedSide, aSide, aVerdict } from "../../build/reports.ts";
import { aConfig } from "../../build/snapshots.ts";

const unstable = aVerdict({ verdict: "unstable" });
const { id } = unstable.file.fixture;
const QUARANTINE = {
  fixture: id,
  actor: "tom",
  reason: "it depends on the weather",
  expiresAt: new Date("2026-12-05T10:00:00Z"),
};

test("what an unstable fixture says is listed only while it is in quarantine, and lowers no share of passes", () => {
  const listed = listQuarantined(unstable, [QUARANTINE]);
  expect(listed).toEqual({
    ...unstable,
    verdict: "quarantined",
    because: expect.stringContaining("@tom put the fixture in quarantine until 2026-12-05"),
    weight: { ...unstable.weight, effect: "none" },
  });
  expect(conclude({ broken: [] }, [listed, aHeldVerdict("other")], aConfig())).toEqual({
    blocking: "success",
    warning: "success",
  });
});

test.each(VERDICTS.filter((verdict) => verdict !== "unstable"))(
  "a quarantine changes nothing of %s",
  (verdict) => {
    const other = aVerdict({ verdict });
    expect(listQuarantined(other, [QUARANTINE])).toBe(other);
  },
);

test("a quarantine is of one fixture", () => {
  expect(listQuarantined(unstable, [{ ...QUARANTINE, fixture: "other" }])).toBe(unstable);
});

test.each([
  { level: "blocking", countedAs: "warning", effect: "warns" },
  { level: "warning", countedAs: "warning", effect: "warns" },
  { level: "exploratory", countedAs: "exploratory", effect: "none" },
] as const)("an expired fixture of the level $level counts as $countedAs", ({ level, countedAs, effect }) => {
  const { weight } = aVerdict({ file: anIncidentFile({ level }), expiredOn: "2026-04-17" });
  expect(weight).toMatchObject({ countedAs, effect });
});

test("trials are counted by side, for fixtures that are the same on both", () => {
  const verdicts = [
    aVerdict({ candidate: aSide("failed"), baseline: aPassedSide() }),
    aVerdict({ origin: "changed" }),
    aVerdict({ candidate: { ...aSide("not_run"), trials: [] }, baseline: undefined }),
  ];
  const counted = countSides(verdicts, { head: "h", base: "b" });
  expect(counted.map(({ side, sha }) => `${side} ${sha}`)).toEqual(["candidate h", "baseline b"]);
  expect(counted[0]?.count.failed).toBeGreaterThan(0);
  expect(counted[1]?.count).toMatchObject({ failed: 0 });
});

test.each([
  { candidate: 0, baseline: 1, is: false },
  { candidate: 1, baseline: 1, is: true },
  { candidate: 2, baseline: 0, is: true },
])(
  "$candidate and $baseline commits on which it came out both ways: wavers: $is",
  ({ candidate, baseline, is }) => {
    const side = (both: number) => ({ both, commits: 9 });
    expect(wavers({ fixtureId: id, candidate: side(candidate), baseline: side(baseline) })).toBe(is);
  },
);
