import type { AgentCatalog } from "../../core/agent/agent.ts";
import type { Draft } from "../../core/fixture/draft.ts";
import { type Fixture, fixtureSchema, type WrittenFixture } from "../../core/fixture/fixture.ts";
import { fixturePath } from "../../core/fixture/fixture-path.ts";
import { type Minimised, runMinimise } from "../../core/fixture/minimise.ts";
import type { ReproducedDraft, Reproduction } from "../../core/report/incident-answer.ts";
import { failsAlike } from "../../core/trial/fails-alike.ts";
import { pricesWith } from "../../core/trial/prices.ts";
import { runSide } from "../../core/trial/run-side.ts";
import type { Side } from "../../core/trial/trial.ts";
import type { DraftDeps, Models } from "./deps.ts";
import type { Ground } from "./ground.ts";

/** Trials that a smaller fixture must fail, all of them, before it replaces the larger one. */
const MINIMISE_TRIALS = 3;
const MINIMISE_ATTEMPTS_MAX = 40;

/** One draft on its way to evidence. */
export interface ReproductionOrder {
  readonly draft: Draft;
  readonly issue: number;
  /** Commit or release that the incident names. */
  readonly commit: string | undefined;
  readonly ground: Ground;
  readonly deps: DraftDeps;
  readonly signal: AbortSignal;
}

/** Runs a draft on the agent as it stands, and as it stood at the incident where that is known; then makes it smaller. */
export async function reproduceDraft(order: ReproductionOrder): Promise<ReproducedDraft> {
  const { draft, issue, deps } = order;
  const fixture = fixtureSchema.parse(draft.fixture);
  const path = fixturePath({ id: fixture.id, incident: fixture.incident, issue });
  if (deps.models === undefined) {
    const because = "no model key is set on the server, so the agent could not be run";
    return { draft: demoted(draft), path, reproduction: { kind: "undecided", because }, minimised: [] };
  }
  const { reproduction, catalog, side } = await findFailure(order, fixture, deps.models);
  if (reproduction.kind !== "reproduces") {
    const proven = reproduction.kind === "flaky" ? withEvidence(draft, reproduction) : demoted(draft);
    return { draft: proven, path, reproduction, minimised: [] };
  }
  const smaller = await minimise(order, fixture, { catalog, side }, deps.models);
  const proven = withEvidence(withParts(draft, smaller), reproduction);
  return { draft: proven, path, reproduction, minimised: smaller.removed };
}

/** Fails on the default branch, or else where the incident happened: a fix may have shipped in between. */
async function findFailure(order: ReproductionOrder, fixture: Fixture, models: Models) {
  const { ground, commit } = order;
  const now = await tryOn(order, fixture, { sha: ground.sha, catalog: ground.catalog }, models);
  if (now.reproduction.kind !== "does_not_reproduce" || commit === undefined) return now;
  const then = await ground.catalogAt(commit);
  if (then === undefined || then.sha === ground.sha) return now;
  const before = await tryOn(order, fixture, then, models);
  return before.reproduction.kind === "reproduces" || before.reproduction.kind === "flaky" ? before : now;
}

async function tryOn(
  order: ReproductionOrder,
  fixture: Fixture,
  at: { readonly sha: string; readonly catalog: AgentCatalog },
  models: Models,
): Promise<Failure & { readonly reproduction: Reproduction }> {
  const trials = order.ground.config.gate.trials.reproduce;
  const side = await measure(order, fixture, at.catalog, models, trials);
  return { reproduction: reproductionOf(side, at.sha), catalog: at.catalog, side };
}

/** Where a fixture failed, and how. */
interface Failure {
  readonly catalog: AgentCatalog;
  readonly side: Side;
}

function reproductionOf(side: Side, sha: string): Reproduction {
  const failed = side.trials.filter(({ status }) => status === "failed").length;
  const trials = side.trials.length;
  switch (side.outcome) {
    case "failed":
      // Trials that could not be graded are no evidence, whatever the others say.
      return failed === trials
        ? { kind: "reproduces", failed, trials, sha }
        : { kind: "flaky", failed, trials, sha };
    case "flaky":
      return { kind: "flaky", failed, trials, sha };
    case "passed":
      return { kind: "does_not_reproduce", trials, sha };
    case "undecided":
    case "not_run":
      return { kind: "undecided", because: side.because ?? "no trial was graded" };
  }
}

async function measure(
  { ground, deps, signal }: ReproductionOrder,
  fixture: Fixture,
  catalog: AgentCatalog,
  models: Models,
  trialsMax: number,
): Promise<Side> {
  return await runSide({
    agents: catalog.agents,
    fixture,
    askModel: models.ask,
    askJudge: models.judgeWith(ground.config.judge.model),
    prices: pricesWith(ground.config.gate.prices),
    now: deps.elapsedMs,
    signal,
    trialsMax,
    mode: "measure",
  });
}

async function minimise(
  order: ReproductionOrder,
  fixture: Fixture,
  failure: Failure,
  models: Models,
): Promise<Minimised> {
  const stillFails = async (smaller: Fixture): Promise<boolean> => {
    const side = await measure(order, smaller, failure.catalog, models, MINIMISE_TRIALS);
    return failsAlike(side, failure.side);
  };
  return await runMinimise(fixture, stillFails, MINIMISE_ATTEMPTS_MAX);
}

/** Takes over the inputs that minimising left; nothing else of a fixture is ever reduced. */
function withParts(draft: Draft, { fixture, removed }: Minimised): Draft {
  if (removed.length === 0) return draft;
  return { ...draft, fixture: { ...draft.fixture, input: fixture.input, tools: fixture.tools } };
}

function withEvidence(draft: Draft, found: Extract<Reproduction, { kind: "reproduces" | "flaky" }>): Draft {
  const { sha, failed, trials } = found;
  return { ...draft, fixture: withSource(draft.fixture, { fails_on: { sha, failed, trials } }) };
}

/** A fixture that nobody has seen fail warns and does not block. */
function demoted(draft: Draft): Draft {
  if (draft.fixture.level !== "blocking" || draft.fixture.source?.kind !== "incident") return draft;
  return { ...draft, fixture: { ...draft.fixture, level: "warning" } };
}

function withSource(
  fixture: WrittenFixture,
  more: Partial<NonNullable<WrittenFixture["source"]>>,
): WrittenFixture {
  return { ...fixture, source: { kind: "incident", ...fixture.source, ...more } };
}
