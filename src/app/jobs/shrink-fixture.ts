import type { Fixture } from "../../core/fixture/fixture.ts";
import {
  type Minimised,
  type Minimising,
  minimise,
  type Stage,
} from "../../core/fixture/minimising/minimise.ts";
import type { StepTally } from "../../core/fixture/minimising/step-test.ts";
import type { Shrinkage } from "../../core/report/incident-answer.ts";
import { failsLike } from "../../core/trial/fails-alike.ts";
import type { Side } from "../../core/trial/trial.ts";
import { type Measuring, measureFixture } from "./measure-fixture.ts";

/** A fixture that was seen to fail, and what may be spent on making it smaller. */
export interface Shrinking extends Pick<Minimising, "runsMax" | "onStep"> {
  readonly fixture: Fixture;
  /** The trials in which it failed, all of them or some. */
  readonly side: Side;
  readonly measuring: Measuring;
}

/** A smaller fixture and how often it failed, of as many trials as the larger one had. */
export interface Shrunk extends Shrinkage {
  readonly fixture: Fixture;
  readonly failed: number;
}

/** What came of making a fixture smaller; without a smaller one, `ended` says whether none was found or the search was cut off. */
export interface ShrinkResult {
  readonly shrunk: Shrunk | undefined;
  readonly ended: Minimised["ended"];
}

/** Makes a fixture smaller as long as it fails in the same way and there is money left. */
export async function shrinkFixture({
  fixture,
  side,
  measuring,
  ...limits
}: Shrinking): Promise<ShrinkResult> {
  const isAlike = failsLike(side);
  const run = async (smaller: Fixture, trials: number): Promise<StepTally | undefined> => {
    if (measuring.limited.signal.aborted) return undefined;
    const tried = await measureFixture(smaller, trials, measuring);
    // Where the outside failed nothing is known, and the next step would fail with it.
    if (tried.trials.length < trials || tried.trials.some(({ status }) => status === "errored"))
      return undefined;
    const alike = tried.trials.filter(isAlike).length;
    return { alike, other: trials - alike };
  };
  const before = { failed: side.trials.filter(isAlike).length, trials: side.trials.length };
  const rate = before.failed / before.trials;
  const { stages, runs, ended } = await minimise({ fixture, rate, run, ...limits });
  const confirmed = await confirm(stages.slice(1), before, run);
  if (confirmed === undefined) return { shrunk: undefined, ended };
  const { stage, failed } = confirmed;
  const shrunk: Shrunk = {
    fixture: stage.fixture,
    removed: stage.removed,
    before: stages[0].size,
    after: stage.size,
    runs,
    ended: ended === "minimal" ? "minimal" : "spent",
    failed,
  };
  return { shrunk, ended };
}

/** The smallest stage that fails about as often as the whole did when it is run as often; few trials decided each step. */
async function confirm(
  stages: readonly Stage[],
  before: { readonly failed: number; readonly trials: number },
  run: Minimising["run"],
): Promise<{ readonly stage: Stage; readonly failed: number } | undefined> {
  for (const stage of stages.toReversed()) {
    const tally = await run(stage.fixture, before.trials);
    if (tally === undefined) return undefined;
    // One that failed each time still does; one that comes and goes has not become half as likely.
    const isKept =
      before.failed === before.trials
        ? tally.other === 0
        : tally.alike > 0 && tally.alike * 2 >= before.failed;
    if (isKept) return { stage, failed: tally.alike };
  }
  return undefined;
}
