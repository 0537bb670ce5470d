import type { Agent } from "../agent/agent.ts";
import type { Selected } from "../suite/suite.ts";
import { runSide, type SideSetting } from "../trial/run-side.ts";
import type { Side } from "../trial/trial.ts";
import { decideVerdict } from "./decide-verdict.ts";
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
}

/** Runs the candidate, and the baseline where the verdict needs it, and says what both together mean. */
export async function runComparison(comparison: Comparison): Promise<FixtureVerdict> {
  const { selected, candidateAgents, baselineAgents } = comparison;
  const candidate = await runSide({ ...sideOf(comparison), agents: candidateAgents, mode: "decide" });
  const baseline =
    baselineAgents !== undefined && needsBaseline(comparison, candidate)
      ? await runBaseline(comparison, baselineAgents, candidate)
      : undefined;
  return concludeFixture(selected, candidate, baseline, comparison.held);
}

/** Joins what the two sides came to into the verdict, its reason and its weight. */
export function concludeFixture(
  { file, origin }: Selected,
  candidate: Side,
  baseline: Side | undefined,
  held: boolean,
): FixtureVerdict {
  const verdict = decideVerdict({ candidate: candidate.outcome, baseline: baseline?.outcome, held, origin });
  const because = explainVerdict({ verdict, candidate, baseline });
  const unweighed = { file, origin, verdict, because, candidate, baseline };
  return { ...unweighed, weight: weighVerdict(unweighed) };
}

function needsBaseline({ selected, held }: Comparison, candidate: Side): boolean {
  switch (candidate.outcome) {
    case "undecided":
    case "not_run":
      return false;
    case "failed":
    case "flaky":
      return true;
    case "passed":
      return !held || selected.origin === "added" || selected.origin === "changed";
  }
}

/** Measures the baseline to the end where the candidate failed: `regressed` must rest on at least as many trials as the failure. */
async function runBaseline(
  comparison: Comparison,
  agents: ReadonlyMap<string, Agent>,
  candidate: Side,
): Promise<Side> {
  const side = { ...sideOf(comparison), agents };
  if (candidate.outcome === "passed") return await runSide({ ...side, mode: "decide" });
  if (side.fixture.trials.pass_rate === 1) return await runSide({ ...side, mode: "measure" });
  return await runSide({ ...side, mode: "decide", trialsMin: candidate.trials.length });
}

function sideOf({ selected, ...rest }: Comparison) {
  return { ...rest, fixture: selected.file.fixture };
}
