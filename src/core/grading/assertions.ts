import type { Fixture } from "../fixture/fixture.ts";
import type { Assertion } from "./grader.ts";
import { GRADERS } from "./graders.ts";

/** Lists everything that a fixture asserts, each with its place in the file; patterns and schemas are compiled here, once for all trials. */
export function assertionsOf(fixture: Fixture): readonly Assertion[] {
  return GRADERS.flatMap(({ use, judged, place }) =>
    place(fixture.expect).map(({ at, grade }) => ({ use, at, judged, grade })),
  );
}
