import type { Expectation } from "../fixture/fixture.ts";
import type { Grader } from "./grader.ts";

/** A grader at one place of a fixture, such as `trajectory.forbidden[0]`. */
export interface PlacedGrader {
  readonly at: string;
  readonly grade: Grader;
}

/** One kind of grader: its name, whether an LLM decides, and where an expectation asks for it. */
export interface GraderEntry {
  readonly use: string;
  readonly judged: boolean;
  readonly place: (expect: Expectation) => readonly PlacedGrader[];
}

/** Takes out of an expectation what a grader is made of. */
export type Pick<Options> = (expect: Expectation) => Options | undefined;

/** Makes a grader that stands at most once. */
export function one<O>(
  use: string,
  at: string,
  pick: Pick<O>,
  make: (options: O, expect: Expectation) => Grader,
): GraderEntry {
  return entry(use, (expect) => {
    const options = pick(expect);
    return options === undefined ? [] : [{ at, grade: make(options, expect) }];
  });
}

/** Makes a grader of each item of a list. */
export function each<O>(
  use: string,
  at: string,
  pick: Pick<readonly O[]>,
  make: (options: O, expect: Expectation) => Grader,
): GraderEntry {
  return entry(use, (expect) =>
    (pick(expect) ?? []).map((options, index) => ({ at: `${at}[${index}]`, grade: make(options, expect) })),
  );
}

/** Makes a grader of each member of a mapping. */
export function named<O>(
  use: string,
  at: string,
  pick: Pick<Readonly<Record<string, O>>>,
  make: (name: string, options: O) => Grader,
): GraderEntry {
  return entry(use, (expect) =>
    Object.entries(pick(expect) ?? {}).map(([name, options]) => ({
      at: `${at}.${name}`,
      grade: make(name, options),
    })),
  );
}

/** Lets an LLM decide. */
export function byJudge(grader: GraderEntry): GraderEntry {
  return { ...grader, judged: true };
}

function entry(use: string, place: GraderEntry["place"]): GraderEntry {
  return { use, judged: false, place };
}
