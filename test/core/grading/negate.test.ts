import { expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Grade } from "../../../src/core/grading/grader.ts";
import { negate } from "../../../src/core/grading/negate.ts";
import { aFixture } from "../../build/fixtures.ts";
import { NO_JUDGE } from "../../build/models.ts";
import { aTrajectory } from "../../build/reports.ts";

const evidence = { trajectory: aTrajectory([]), fixture: aFixture(), costUsd: 0, askJudge: NO_JUDGE };

const grades: fc.Arbitrary<Grade> = fc.oneof(
  fc.record({ kind: fc.constant("pass" as const), because: fc.string() }),
  fc.record({
    kind: fc.constant("fail" as const),
    because: fc.string(),
    expected: fc.string(),
    observed: fc.string(),
    spanId: fc.string(),
  }),
  fc.record({ kind: fc.constant("ungraded" as const), because: fc.string() }),
);

test("twice negated is as it was", async () => {
  await fc.assert(
    fc.asyncProperty(grades, async (grade) => {
      const twice = await negate(negate(async () => grade))(evidence);
      expect(twice).toMatchObject({ kind: grade.kind, because: grade.because });
    }),
  );
});

test("what is open stays open, and nothing else does", async () => {
  await fc.assert(
    fc.asyncProperty(grades, async (grade) => {
      const once = await negate(async () => grade)(evidence);
      expect(once.kind === "ungraded").toBe(grade.kind === "ungraded");
      expect(once.kind === "pass").toBe(grade.kind === "fail");
    }),
  );
});
