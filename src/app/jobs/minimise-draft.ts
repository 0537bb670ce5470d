import type { Draft } from "../../core/fixture/draft.ts";
import type { Fixture } from "../../core/fixture/fixture.ts";
import { minimise, type Stage } from "../../core/fixture/minimising/minimise.ts";
import type { StepTally } from "../../core/fixture/minimising/step-test.ts";
import type { ReproducedDraft, Reproduction } from "../../core/report/incident-answer.ts";
import { failsLike } from "../../core/trial/fails-alike.ts";
import { measureFixture, type ReproductionOrder, type TriedDraft, withEvidence } from "./reproduce-draft.ts";

/** Runs of the agent that making one draft smaller may take, before its evidence is counted anew. */
const RUNS_MAX = 120;

type Proven = Extract<Reproduction, { kind: "reproduces" | "flaky" }>;

/** Makes a draft smaller as long as it fails in the same way and there is money left; the evidence is then that of the smaller one. */
export async function minimiseDraft(
  { draft, path, reproduction, failure }: TriedDraft,
  order: Omit<ReproductionOrder, "draft">,
): Promise<ReproducedDraft> {
  const { limited } = order;
  const whole = { draft, path, reproduction, minimised: undefined };
  if (failure === undefined || limited === undefined || !isProven(reproduction)) return whole;
  const isAlike = failsLike(failure.side);
  const run = async (smaller: Fixture, trials: number): Promise<StepTally | undefined> => {
    if (limited.signal.aborted) return undefined;
    const side = await measureFixture(order, smaller, failure.catalog, limited, trials);
    // Where the outside failed nothing is known, and the next step would fail with it.
    if (side.trials.length < trials || side.trials.some(({ status }) => status === "errored"))
      return undefined;
    const alike = side.trials.filter(isAlike).length;
    return { alike, other: side.trials.length - alike };
  };
  const rate = reproduction.failed / reproduction.trials;
  const { stages, runs, ended } = await minimise({ fixture: draft.fixture, rate, run, runsMax: RUNS_MAX });
  const found = await confirm(stages.slice(1), reproduction, run);
  if (found === undefined) return whole;
  const { stage, evidence } = found;
  const { removed, size: after } = stage;
  return {
    draft: withEvidence(withCase(draft, stage.fixture), evidence),
    path,
    reproduction: evidence,
    minimised: {
      removed,
      before: stages[0].size,
      after,
      runs,
      ended: ended === "minimal" ? "minimal" : "spent",
    },
  };
}

function isProven(reproduction: Reproduction): reproduction is Proven {
  return reproduction.kind === "reproduces" || reproduction.kind === "flaky";
}

/** The smallest stage that fails as often as the whole did when it is run as often; few trials decided each step. */
async function confirm(
  stages: readonly Stage[],
  before: Proven,
  run: (smaller: Fixture, trials: number) => Promise<StepTally | undefined>,
): Promise<{ readonly stage: Stage; readonly evidence: Proven } | undefined> {
  for (const stage of stages.toReversed()) {
    const tally = await run(stage.fixture, before.trials);
    if (tally === undefined) return undefined;
    const { alike } = tally;
    if (before.kind === "reproduces" && alike === before.trials) return { stage, evidence: before };
    // A failure that comes and goes may not have become half as likely.
    if (before.kind === "flaky" && alike * 2 >= before.failed)
      return {
        stage,
        evidence:
          alike === before.trials
            ? { ...before, kind: "reproduces", failed: alike }
            : { ...before, failed: alike },
      };
  }
  return undefined;
}

/** Takes over the case that is left; nothing else of a fixture is ever made smaller. */
function withCase(draft: Draft, { input, tools }: Fixture): Draft {
  return { ...draft, fixture: { ...draft.fixture, input, tools } };
}
