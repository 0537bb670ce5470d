import type { Draft } from "../../core/fixture/draft.ts";
import type { Fixture } from "../../core/fixture/fixture.ts";
import type { ReproducedDraft } from "../../core/report/incident-answer.ts";
import { type TriedDraft, withEvidence } from "./reproduce-draft.ts";
import { shrinkFixture } from "./shrink-fixture.ts";

/** Runs of the agent that making one draft smaller may take, before its evidence is counted anew. */
const RUNS_MAX = 120;

/** Makes a draft smaller without losing its failure; the evidence is then that of the smaller one. */
export async function minimiseDraft({
  draft,
  path,
  reproduction,
  failure,
}: TriedDraft): Promise<ReproducedDraft> {
  const whole = { draft, path, reproduction, minimised: undefined };
  if (failure === undefined || (reproduction.kind !== "reproduces" && reproduction.kind !== "flaky"))
    return whole;
  const { shrunk } = await shrinkFixture({ fixture: draft.fixture, ...failure, runsMax: RUNS_MAX });
  if (shrunk === undefined) return whole;
  const { fixture, failed, ...minimised } = shrunk;
  const kind = failed === reproduction.trials ? ("reproduces" as const) : ("flaky" as const);
  const evidence = { ...reproduction, kind, failed };
  return { draft: withEvidence(withCase(draft, fixture), evidence), path, reproduction: evidence, minimised };
}

/** Takes over the case that is left; nothing else of a fixture is ever made smaller. */
function withCase(draft: Draft, { input, tools }: Fixture): Draft {
  return { ...draft, fixture: { ...draft.fixture, input, tools } };
}
