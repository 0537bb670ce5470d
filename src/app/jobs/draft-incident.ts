import type { Agent } from "../../core/agent/agent.ts";
import type { Draft } from "../../core/fixture/draft.ts";
import { draftFixtures } from "../../core/fixture/draft-fixtures.ts";
import {
  applyFilling,
  askForFilling,
  type Filling,
  NO_FILLING,
  readFilling,
} from "../../core/fixture/fill.ts";
import { findDuplicates, type NearFixture, nearestFixtures } from "../../core/fixture/nearness.ts";
import { missingFields, NOTHING_TO_CHECK } from "../../core/incident/missing-fields.ts";
import { parsePostmortem } from "../../core/incident/parse-postmortem.ts";
import type { Postmortem } from "../../core/incident/postmortem.ts";
import { redactPostmortem } from "../../core/incident/redact-postmortem.ts";
import { triagePostmortem } from "../../core/incident/triage-postmortem.ts";
import type { Problem } from "../../core/problem.ts";
import type { IncidentAnswer, ProposedFixtures, ReproducedDraft } from "../../core/report/incident-answer.ts";
import type { DraftDeps, Models } from "./deps.ts";
import type { Ground } from "./ground.ts";
import { reproduceDraft } from "./reproduce-draft.ts";

const DRAFTS_MAX = 12;
const FILLING_TOKENS_MAX = 4_096;

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

/** Postmortem in, reproduced and minimised fixtures out: parse, redact, triage, draft, deduplicate, reproduce, minimise. */
export async function draftIncident(
  incident: WrittenIncident,
  ground: Ground,
  deps: DraftDeps,
  signal: AbortSignal,
): Promise<Drafted> {
  const written = parsePostmortem(incident);
  const redacted = await redactPostmortem(written.postmortem, (texts) => deps.redactor.redact(texts));
  // What a model filled in decides what is asserted, never how much it weighs.
  const triage = triagePostmortem(redacted.postmortem);
  if (triage.kind !== "fixture") return { kind: "no_fixture", triage };
  const problems = await redactProblems(written.problems, deps);
  const names = Object.keys(ground.config.agents);
  const agentBefore = agentOf(redacted.postmortem, ground);
  const filling = await fill(redacted.postmortem, agentBefore, deps.models, signal);
  const postmortem = applyFilling(redacted.postmortem, filling);

  const missing = missingFields(postmortem, names);
  if (missing.length > 0) return { kind: "incomplete", missing, problems };
  const agent = agentOf(postmortem, ground);
  if (agent === undefined)
    return { kind: "configuration_broken", problems: agentProblems(postmortem, ground) };

  const drafts = draftFixtures({
    postmortem,
    triage,
    agent,
    issue: incident.number,
    issueUrl: incident.url,
    owner: postmortem.owner ?? ground.config.owner,
    draftedAt: deps.now().toISOString().slice(0, 10),
    dropped: filling.dropped,
    quotes: filling.quotes,
    taken: new Set(ground.fixtures.map(({ fixture }) => fixture.id)),
  }).slice(0, DRAFTS_MAX);
  if (drafts.length === 0) return { kind: "incomplete", missing: [NOTHING_TO_CHECK], problems };
  const fresh = drafts.filter((draft) => duplicatesOf(draft, ground).length === 0);
  if (fresh.length === 0)
    return { kind: "duplicate", fixtures: drafts.flatMap((draft) => duplicatesOf(draft, ground)) };

  const reproduced: ReproducedDraft[] = [];
  for (const draft of fresh) {
    reproduced.push(
      await reproduceDraft({
        draft,
        issue: incident.number,
        commit: postmortem.commit,
        ground,
        deps,
        signal,
      }),
    );
  }
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

/** What could not be understood is shown to its author, and may hold a secret like any other text. */
async function redactProblems(problems: readonly Problem[], deps: DraftDeps): Promise<readonly Problem[]> {
  const { texts } = await deps.redactor.redact(problems.map(({ got }) => got));
  return problems.map((problem, index) => ({ ...problem, got: texts[index] ?? "" }));
}

/** The agent that the incident is about: the one it names, or the only one there is. */
function agentOf(postmortem: Postmortem, ground: Ground): Agent | undefined {
  const name = agentNameOf(postmortem, ground);
  return name === undefined ? undefined : ground.catalog.agents.get(name);
}

function agentNameOf(postmortem: Postmortem, ground: Ground): string | undefined {
  const names = Object.keys(ground.config.agents);
  const named = names.find((name) => name.toLowerCase() === postmortem.agent?.toLowerCase());
  return named ?? (names.length === 1 ? names[0] : undefined);
}

/** Why the agent cannot be run at this commit. */
function agentProblems(postmortem: Postmortem, ground: Ground): readonly Problem[] {
  const name = agentNameOf(postmortem, ground) ?? "";
  return (ground.catalog.problems.get(name) ?? []).map((problem) => ({
    ...problem,
    at: `agents.${name}: ${problem.at}`,
  }));
}

/** What a model fills in, where there is one and the postmortem leaves something open. */
async function fill(
  postmortem: Postmortem,
  agent: Agent | undefined,
  models: Models | undefined,
  signal: AbortSignal,
): Promise<Filling> {
  const question = askForFilling(postmortem, agent);
  if (models === undefined || question === undefined) return NO_FILLING;
  const answer = await models.ask(
    {
      model: models.draftModel,
      parameters: { max_tokens: FILLING_TOKENS_MAX },
      system: [question.system],
      turns: [{ role: "user", parts: [{ kind: "text", text: question.user }] }],
      tools: [],
      outputSchema: question.schema,
    },
    signal,
  );
  const text = answer.parts.flatMap((part) => (part.kind === "text" ? [part.text] : [])).join("");
  return readFilling(jsonOf(text), postmortem, { agent, model: models.draftModel });
}

/** The JSON of a model's answer; an answer that was cut off or is no JSON is read as nothing, and said to be unusable. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
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
