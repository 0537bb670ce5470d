import type { AgentCatalog } from "../../core/agent/agent.ts";
import type { Provider } from "../../core/agent/named-model.ts";
import type { Draft } from "../../core/fixture/draft.ts";
import type { Fixture } from "../../core/fixture/fixture.ts";
import { fixturePath } from "../../core/fixture/fixture-path.ts";
import type { ReproducedDraft, Reproduction } from "../../core/report/incident-answer.ts";
import type { Side } from "../../core/trial/trial.ts";
import type { Ground } from "./ground.ts";
import type { LimitedModels } from "./limit-models.ts";
import { type Measuring, measureFixture } from "./measure-fixture.ts";
import { missingKeys } from "./missing-keys.ts";

/** One draft on its way to evidence. */
export interface ReproductionOrder {
  readonly draft: Draft;
  readonly issue: number;
  /** Commit or release that the incident names. */
  readonly commit: string | undefined;
  readonly ground: Ground;
  /** Undefined where there is no key. */
  readonly limited: LimitedModels | undefined;
  readonly elapsedMs: () => number;
}

/** A draft with its evidence, and how it failed where it did. */
export interface TriedDraft extends ReproducedDraft {
  readonly failure: Failure | undefined;
}

/** Runs a draft on the agent as it stands, and as it stood at the incident where that is known. */
export async function reproduceDraft(order: ReproductionOrder): Promise<TriedDraft> {
  const { draft, issue, limited } = order;
  const { fixture } = draft;
  const path = fixturePath({ id: fixture.id, incident: fixture.incident, issue });
  const { agents } = order.ground.catalog;
  const [missing] = missingKeys(agents, [fixture.agent], limited?.models);
  const tried =
    limited === undefined || missing !== undefined
      ? noKey(missing)
      : await findFailure(order, fixture, limited);
  const { reproduction } = tried;
  const isProven = reproduction.kind === "reproduces" || reproduction.kind === "flaky";
  return {
    draft: isProven ? withEvidence(draft, reproduction) : demoted(draft),
    path,
    reproduction,
    minimised: undefined,
    failure: isProven ? tried.failure : undefined,
  };
}

/** Where a fixture failed, and how. */
export interface Failure {
  readonly measuring: Measuring;
  readonly side: Side;
}

/** What trying a fixture came to. */
interface Tried {
  readonly reproduction: Reproduction;
  readonly failure: Failure | undefined;
}

function noKey(missing: Provider | undefined): Tried {
  const because =
    missing === undefined
      ? "agents that run elsewhere cannot be asked here, as `OUTBOUND_ALLOW` is not set"
      : "no model key is set on the server, so the agent could not be run";
  return { reproduction: { kind: "undecided", because }, failure: undefined };
}

/** Fails on the default branch, or else where the incident happened: a fix may have shipped in between. */
async function findFailure(
  order: ReproductionOrder,
  fixture: Fixture,
  limited: LimitedModels,
): Promise<Tried> {
  const { ground, commit } = order;
  const now = await tryOn(order, fixture, { sha: ground.sha, catalog: ground.catalog }, limited);
  if (now.reproduction.kind !== "does_not_reproduce" || commit === undefined) return now;
  const then = await ground.catalogAt(commit);
  if (then === undefined || then.sha === ground.sha) return now;
  const before = await tryOn(order, fixture, then, limited);
  return before.reproduction.kind === "reproduces" || before.reproduction.kind === "flaky" ? before : now;
}

async function tryOn(
  order: ReproductionOrder,
  fixture: Fixture,
  at: { readonly sha: string; readonly catalog: AgentCatalog },
  limited: LimitedModels,
): Promise<Tried> {
  const trials = order.ground.config.gate.trials.reproduce;
  const measuring = { catalog: at.catalog, config: order.ground.config, limited, elapsedMs: order.elapsedMs };
  const side = await measureFixture(fixture, trials, measuring);
  const cutOff = limited.signal.aborted ? side.trials.find((trial) => trial.status === "errored") : undefined;
  const failure = { measuring, side };
  // Trials that were never made are no sign that the agent fails only sometimes.
  if (cutOff !== undefined) return { reproduction: { kind: "undecided", because: cutOff.because }, failure };
  return { reproduction: reproductionOf(side, at.sha), failure };
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

/** The draft with the commit that it failed on, and how often. */
export function withEvidence(
  draft: Draft,
  found: Extract<Reproduction, { kind: "reproduces" | "flaky" }>,
): Draft {
  const { sha, failed, trials } = found;
  return { ...draft, fixture: withSource(draft.fixture, { fails_on: { sha, failed, trials } }) };
}

/** A fixture that nobody has seen fail warns and does not block. */
function demoted(draft: Draft): Draft {
  if (draft.fixture.level !== "blocking" || draft.fixture.source?.kind !== "incident") return draft;
  return { ...draft, fixture: { ...draft.fixture, level: "warning" } };
}

function withSource(fixture: Fixture, more: Partial<NonNullable<Fixture["source"]>>): Fixture {
  return { ...fixture, source: { kind: "incident", ...fixture.source, ...more } };
}
