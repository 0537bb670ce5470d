import type { CostEstimate } from "../suite/estimate-cost.ts";
import { oneLine } from "../text/markdown.ts";
import { costText, listing, plural } from "./amounts.ts";

const MODELS_SHOWN_MAX = 5;

/** Says in one line what a run is expected to cost, and what that rests on; it ends where the cap is spent. */
export function renderEstimate(estimate: CostEstimate, fixtures: number, capUsd: number): string {
  const { likelyUsd, mostUsd, trialsMax, seenFixtures, unpricedModels, elsewhere } = estimate;
  const models = listing(
    unpricedModels.map((model) => oneLine(model)),
    MODELS_SHOWN_MAX,
  );
  const most =
    mostUsd > capUsd ? `at most ${costText(capUsd)}, where the run ends,` : `at most ${costText(mostUsd)}`;
  const notes = [
    seenFixtures === 0
      ? "by the length of the texts"
      : `by the last run for ${seenFixtures} of ${plural(fixtures, "fixture")}`,
    ...(unpricedModels.length === 0 ? [] : [`no known price for ${models}: at the dearest known one`]),
    ...(elsewhere === 0 ? [] : [`without the ${plural(elsewhere, "fixture")} of agents that run elsewhere`]),
  ];
  return `About ${costText(likelyUsd)}, ${most} for at most ${plural(trialsMax, "trial")} (${notes.join("; ")}).`;
}
