import { expect, test } from "@jest/globals";
import { acceptChanges } from "../../../src/core/verdict/accept-changes.ts";
import type { FixtureVerdict } from "../../../src/core/verdict/verdict.ts";
import { aVerdict } from "../../build/reports.ts";

const verdictOf = (overrides: Partial<Omit<FixtureVerdict, "weight">>): FixtureVerdict =>
  aVerdict({ verdict: "regressed", ...overrides });

test.each(["base_version", "removed"] as const)(
  "what a fixture says as %s is only listed once its change is approved, and says who approved it",
  (origin) => {
    const verdict = verdictOf({ origin });
    const agreed = new Map([[verdict.file.fixture.id, "kim"]]);
    expect(acceptChanges([verdict], agreed)).toEqual([
      {
        ...verdict,
        verdict: "accepted",
        because: expect.stringContaining("@kim approved"),
        weight: { ...verdict.weight, effect: "none" },
      },
    ]);
  },
);

test.each([
  { what: "the version at the head", verdict: verdictOf({ origin: "changed" }), by: "kim" },
  { what: "a fixture that did not change", verdict: verdictOf({ origin: "unchanged" }), by: "kim" },
  {
    what: "a fixture whose change nobody approved",
    verdict: verdictOf({ origin: "removed" }),
    by: undefined,
  },
  { what: "a pass", verdict: verdictOf({ origin: "removed", verdict: "held" }), by: "kim" },
])("$what stays as it is", ({ verdict, by }) => {
  const agreed = new Map(by === undefined ? [] : [[verdict.file.fixture.id, by]]);
  expect(acceptChanges([verdict], agreed)).toEqual([verdict]);
});
