import type { AgentCatalog } from "../../core/agent/agent.ts";
import type { Config } from "../../core/config/config.ts";
import type { Fixture } from "../../core/fixture/fixture.ts";
import { pricesWith } from "../../core/trial/prices.ts";
import { runSide } from "../../core/trial/run-side.ts";
import type { Side } from "../../core/trial/trial.ts";
import type { LimitedModels } from "./limit-models.ts";

/** What a fixture is measured on. */
export interface Measuring {
  readonly catalog: AgentCatalog;
  readonly config: Config;
  readonly limited: LimitedModels;
  readonly elapsedMs: () => number;
}

/** Runs so many trials of a fixture on its agent, whatever the first ones come to. */
export async function measureFixture(
  fixture: Fixture,
  trials: number,
  { catalog, config, limited, elapsedMs }: Measuring,
): Promise<Side> {
  const { models, signal } = limited;
  return await runSide({
    agents: catalog.agents,
    fixture,
    askModel: models.ask,
    askJudge: models.judgeWith(config.judge),
    outside: models.outside,
    prices: pricesWith(config.gate.prices),
    now: elapsedMs,
    signal,
    trialsMax: trials,
    mode: "measure",
  });
}
