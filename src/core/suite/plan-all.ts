import type { ReadFixtures } from "./read-fixtures.ts";
import type { SuitePlan } from "./suite.ts";

/** Plans a run of all these fixtures on the agent as it stands. */
export function planAll({ files, broken }: ReadFixtures): SuitePlan {
  return {
    changes: [],
    selected: files.map((file) => ({ file, origin: "unchanged", because: "every fixture runs" })),
    leftOut: [],
    broken: broken.map((file) => ({ ...file, brokenBy: "head" })),
    everythingBecause: undefined,
  };
}
