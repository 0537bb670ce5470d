import type { Fixture } from "../fixture/fixture.ts";
import type { Assertion } from "./grader.ts";
import { GRADERS } from "./graders.ts";
import { negate } from "./negate.ts";

/** Lists everything that a fixture asserts, each with its place in the file; patterns and schemas are compiled here, once for all trials. */
export function assertionsOf({ expect }: Fixture): readonly Assertion[] {
  const { not = {} } = expect;
  return [
    ...GRADERS.flatMap(({ use, judged, place }) =>
      place(expect).map(({ at, grade }) => ({ use, at: `expect.${at}`, judged, grade })),
    ),
    ...GRADERS.flatMap(({ use, judged, place }) =>
      place(not).map(({ at, grade }) => ({
        use: `not ${use}`,
        at: `expect.not.${at}`,
        judged,
        grade: negate(grade),
      })),
    ),
  ];
}
