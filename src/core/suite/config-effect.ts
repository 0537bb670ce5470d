import type { Config } from "../config/config.ts";
import { type GateInputs, planGate } from "./plan-gate.ts";

/** What the configuration of a head would select for its own pull request, beside what the one that judges does. */
export interface ConfigEffect {
  /** Fixtures that would run and do not, by their ids. */
  readonly starts: readonly string[];
  /** Fixtures that run and would not. */
  readonly stops: readonly string[];
  /** How many run under either. */
  readonly stays: number;
}

/** Compares what a pull request runs with what it would run if its own configuration judged it. */
export function configEffect(inputs: GateInputs, proposed: Config): ConfigEffect {
  const now = selectedIds(inputs);
  const then = selectedIds({ ...inputs, judging: proposed });
  return {
    starts: [...then].filter((id) => !now.has(id)).sort(),
    stops: [...now].filter((id) => !then.has(id)).sort(),
    stays: [...now].filter((id) => then.has(id)).length,
  };
}

function selectedIds(inputs: GateInputs): ReadonlySet<string> {
  return new Set(planGate(inputs).suite.selected.map(({ file }) => file.fixture.id));
}
