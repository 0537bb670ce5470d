import type { Agent } from "../agent/agent.ts";
import type { Selected } from "../suite/suite.ts";
import { runSide, type SideSetting } from "../trial/run-side.ts";
import type { Side } from "../trial/trial.ts";
import { decideVerdict } from "./decide-verdict.ts";
import type { EarlierSide } from "./earlier-side.ts";
import { explainVerdict } from "./explain-verdict.ts";
import type { FixtureVerdict } from "./verdict.ts";
import { weighVerdict } from "./weigh-verdict.ts";

/** What comparing the two sides of a fixture is given. */
export interface Comparison extends Omit<SideSetting, "agents" | "fixture" | "mode"> {
  readonly selected: Selected;
  readonly candidateAgents: ReadonlyMap<string, Agent>;
  /** Undefined where the candidate is judged alone. */
  readonly baselineAgents: ReadonlyMap<string, Agent> | undefined;
  /** The fixture has passed on the default branch before. */
  readonly held: boolean;
  /** What the same baseline came to within the last day on the default branch. */
  readonly earlier?: EarlierSide | undefined;
  /** What a judge alone says may block, since enough is known of how often it is right; default is that it warns. */
  readonly judgeMayBlock?: boolean | undefined;
}

/** Runs the candidate, and the baseline where the verdict needs it, and says what both together mean. */
export async function runComparison(comparison: Comparison): Promise<FixtureVerdict> {
  const { selected, candidateAgents, baselineAgents } = comparison;
  const candidate = await runSide({ ...sideOf(comparison), agents: candidateAgents, mode: "decide" });
  const baseline =
    baselineAgents !== undefined && needsBaseline(comparison, candidate)
      ? await runBaseline(comparison, baselineAgents, candidate)
      : undefined;
  return concludeFixture(selected, candidate, baseline, comparison);
}

/** Joins what the two sides came to into the verdict, its reason and its weight. */
export function concludeFixture(
  { file, origin, expiredOn, reviewDueOn }: Selected,
  candidate: Side,
  baseline: Side | undefined,
  known: Pick<Comparison, "held" | "earlier" | "judgeMayBlock">,
): FixtureVerdict {
  const { held, earlier } = known;
  const outcomes = { candidate: candidate.outcome, baseline: baseline?.outcome, earlier: earlier?.outcome };
  const verdict = decideVerdict({ ...outcomes, held, origin });
  const because = explainVerdict({ verdict, candidate, baseline, earlier });
  const shown = earlier === undefined ? {} : { earlier };
  const dates = {
    ...(expiredOn === undefined ? {} : { expiredOn }),
    ...(reviewDueOn === undefined ? {} : { reviewDueOn }),
  };
  const unweighed = { file, origin, verdict, because, candidate, baseline, ...shown, ...dates };
  return { ...unweighed, weight: weighVerdict(unweighed, known.judgeMayBlock) };
}

function needsBaseline({ selected, held, earlier }: Comparison, candidate: Side): boolean {
  switch (candidate.outcome) {
    case "undecided":
    case "not_run":
      return false;
    case "failed":
    case "flaky":
      return true;
    case "passed":
      if (earlier !== undefined) return false;
      return !held || selected.origin === "added" || selected.origin === "changed";
  }
}

/**
 * Measures the baseline to the end where the candidate failed: `regressed` must rest on at least as many trials as the failure.
 *
 * One that passed in full within the last day runs once more with as many trials as the candidate had: no regression
 * rests on an earlier run alone.
 */
async function runBaseline(
  comparison: Comparison,
  agents: ReadonlyMap<string, Agent>,
  candidate: Side,
): Promise<Side> {
  const side = { ...sideOf(comparison), agents };
  if (candidate.outcome === "passed") return await runSide({ ...side, mode: "decide" });
  if (side.fixture.trials.pass_rate === 1 && comparison.earlier?.outcome === "passed")
    return await runSide({ ...side, mode: "measure", trialsMax: Math.max(1, candidate.trials.length) });
  if (side.fixture.trials.pass_rate === 1) return await runSide({ ...side, mode: "measure" });
  return await runSide({ ...side, mode: "decide", trialsMin: candidate.trials.length });
}

function sideOf({ selected, ...rest }: Comparison) {
  return { ...rest, fixture: selected.file.fixture };
}
