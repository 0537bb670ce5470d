import { dayOf } from "../../core/fixture/day.ts";
import type { Draft } from "../../core/fixture/draft.ts";
import { draftFixtures } from "../../core/fixture/draft-fixtures.ts";
import { readExpectation, withInferredFailure } from "../../core/fixture/drafting/infer-failure.ts";
import { applyFilling } from "../../core/fixture/fill.ts";
import { findDuplicates, type NearFixture, nearestFixtures } from "../../core/fixture/nearness.ts";
import { missingFields, NOTHING_TO_CHECK } from "../../core/incident/missing-fields.ts";
import { triageFacts } from "../../core/incident/overrule-triage.ts";
import { parsePostmortem } from "../../core/incident/parse-postmortem.ts";
import { redactPostmortem } from "../../core/incident/redact-postmortem.ts";
import { triagePostmortem } from "../../core/incident/triage-postmortem.ts";
import type { IncidentAnswer, ProposedFixtures, ReproducedDraft } from "../../core/report/incident-answer.ts";
import { deliveredKinds } from "../../core/trial/delivered-kinds.ts";
import type { DraftDeps } from "./deps.ts";
import { fetchFilling } from "./fetch-filling.ts";
import type { Ground } from "./ground.ts";
import { agentOf, agentProblems } from "./incident-agent.ts";
import { limitModels } from "./limit-models.ts";
import { minimiseDraft } from "./minimise-draft.ts";
import { type ReproductionOrder, reproduceDraft, type TriedDraft } from "./reproduce-draft.ts";

const DRAFTS_MAX = 12;

/** An incident as somebody wrote it. */
export interface WrittenIncident {
  readonly number: number;
  readonly url: string;
  readonly title: string;
  readonly body: string;
  readonly author: string;
}

/** What an incident came to before anything is opened. */
export type Drafted =
  | Extract<IncidentAnswer, { kind: "incomplete" | "no_fixture" | "duplicate" | "configuration_broken" }>
  | { readonly kind: "drafted"; readonly proposed: ProposedFixtures };

/** Incident in, reproduced and minimised fixtures out: parse, redact, triage, fill, draft, deduplicate, reproduce, minimise. */
export async function draftIncident(
  incident: WrittenIncident,
  ground: Ground,
  deps: DraftDeps,
  signal: AbortSignal,
): Promise<Drafted> {
  const written = parsePostmortem(incident);
  const { allow } = ground.config.incidents.redaction;
  const redacted = await redactPostmortem(written, (texts) => deps.redactor.redact(texts, allow));
  // What a model filled in decides what is asserted, never how much it weighs.
  const told = agentOf(redacted.postmortem, ground);
  const automatic = triagePostmortem(redacted.postmortem, readExpectation(redacted.postmortem, told));
  const triage = (await deps.overrule?.(triageFacts(redacted.postmortem, automatic), automatic)) ?? automatic;
  if (triage.kind !== "fixture") return { kind: "no_fixture", triage };
  const limited = deps.models && limitModels(deps.models, ground.config, signal);
  const filling = await fetchFilling(redacted.postmortem, told, limited?.models, signal);
  const postmortem = withInferredFailure(applyFilling(redacted.postmortem, filling), told);

  const { problems } = redacted;
  const missing = missingFields(postmortem, Object.keys(ground.config.agents));
  if (missing.length > 0) return { kind: "incomplete", missing, problems };
  const agent = agentOf(postmortem, ground);
  if (agent === undefined)
    return { kind: "configuration_broken", problems: agentProblems(postmortem, ground) };

  const drafts = draftFixtures({
    postmortem,
    triage,
    agent,
    kinds: deliveredKinds(ground.catalog.agents, agent),
    issue: incident.number,
    issueUrl: incident.url,
    owner: ground.config.owner,
    draftedAt: dayOf(deps.now()),
    dropped: filling.dropped,
    quotes: filling.quotes,
    taken: new Set(ground.fixtures.map(({ fixture }) => fixture.id)),
  }).slice(0, DRAFTS_MAX);
  if (drafts.length === 0) return { kind: "incomplete", missing: [NOTHING_TO_CHECK], problems };
  const fresh = drafts.filter((draft) => duplicatesOf(draft, ground).length === 0);
  if (fresh.length === 0)
    return { kind: "duplicate", fixtures: drafts.flatMap((draft) => duplicatesOf(draft, ground)) };

  const { number: issue } = incident;
  const { elapsedMs } = deps;
  const order = { issue, commit: postmortem.commit, ground, limited, elapsedMs };
  const reproduced = await reproduceAll(fresh, order);
  signal.throwIfAborted();
  return {
    kind: "drafted",
    proposed: {
      issue: incident.number,
      issueUrl: incident.url,
      postmortem,
      triage,
      drafts: reproduced,
      redactions: redacted.counts,
      nearest: nearestOf(fresh, ground),
      draftedBy: filling.filledBy,
    },
  };
}

/**
 * One after the other, so that the drafts of an incident do not keep others from the model; and made smaller
 * last, so that where money is short it goes into evidence.
 */
async function reproduceAll(
  drafts: readonly Draft[],
  order: Omit<ReproductionOrder, "draft">,
): Promise<readonly ReproducedDraft[]> {
  const tried: TriedDraft[] = [];
  for (const draft of drafts) tried.push(await reproduceDraft({ ...order, draft }));
  const minimised: ReproducedDraft[] = [];
  for (const one of tried) minimised.push(await minimiseDraft(one));
  return minimised;
}

function duplicatesOf(
  draft: Draft,
  ground: Ground,
): readonly { readonly id: string; readonly path: string }[] {
  return findDuplicates(draft.fixture, ground.fixtures).map(({ path, fixture }) => ({
    id: fixture.id,
    path,
  }));
}

/** The fixtures that lie nearest to any of the drafts, each once. */
function nearestOf(drafts: readonly Draft[], ground: Ground): readonly NearFixture[] {
  const near = drafts.flatMap((draft) => nearestFixtures(draft.fixture, ground.fixtures));
  const byId = new Map(near.sort((a, b) => a.nearness - b.nearness).map((one) => [one.id, one]));
  return [...byId.values()].sort((a, b) => b.nearness - a.nearness);
}
