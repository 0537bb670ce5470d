import type { IncidentAnswer } from "../../core/report/incident-answer.ts";
import { renderIncidentAnswer } from "../../core/report/render-comment.ts";
import { ExternalFailure } from "../../ports/external-failure.ts";
import type { GitHub } from "../../ports/github.ts";
import type { Issue } from "../../ports/issues.ts";
import type { Turn } from "../../ports/job-queue.ts";
import type { IncidentRecord } from "../../ports/records.ts";
import { awaitShown } from "./await-shown.ts";
import { type DefaultBranch, readDefaultBranch } from "./default-branch.ts";
import type { DraftDeps, JobDeps } from "./deps.ts";
import { draftIncident } from "./draft-incident.ts";
import { readGround, withPending } from "./ground.ts";
import { heedSignal } from "./heed-signal.ts";
import { incidentLabel } from "./incident-label.ts";
import { digestText, type IncidentOutcome, isSettled, nextRecord } from "./incident-record.ts";
import { type IncidentWatch, type Overtaken, watchIncident } from "./incident-watch.ts";
import type { DraftFixtures } from "./job.ts";
import { type DraftOrder, obeyDraftCommand } from "./obey-draft-command.ts";
import { overrulingOf } from "./overrule.ts";
import { proposeDrafts } from "./propose-drafts.ts";
import { readPendingDrafts } from "./read-pending-drafts.ts";
import { isAtLeast } from "./rights.ts";

const COMMENT_KIND = "incident";
/** How often one job begins anew because the text was changed while it was drafted from. */
const REWRITES_MAX = 3;
const REWRITTEN_AGAIN_MS = 60_000;

/** Labelled issue in, pull request out: the first half of the product. */
export async function runDraftFixtures(job: DraftFixtures, turn: Turn, given: JobDeps): Promise<void> {
  const deps = heedSignal(given, turn.signal);
  const github = await deps.connect(job.installationId, job.owner, job.repo);
  const issue = await github.issues.fetchIssue(job.issue);
  awaitShown(issue, job, turn.origin, deps.now());
  if (issue === undefined) return;
  const order = await obeyDraftCommand(job, github, deps);
  if (order.kind === "done") return;
  let text = issue;
  for (let round = 0; round < REWRITES_MAX; round += 1) {
    const overtakenBy = await draftFrom(text, { job, order, turn, github, deps });
    if (overtakenBy?.kind !== "rewritten") return;
    text = overtakenBy.issue;
  }
  throw new ExternalFailure("the issue is rewritten faster than it can be drafted from", {
    system: "github",
    retryable: true,
    retryAfterMs: REWRITTEN_AGAIN_MS,
  });
}

/** A job that drafts, what it was told to do, and the outside. */
interface DraftScene {
  readonly job: DraftFixtures;
  readonly order: Exclude<DraftOrder, { kind: "done" }>;
  readonly turn: Turn;
  readonly github: GitHub;
  readonly deps: JobDeps;
}

/** Answers an incident as it is written, unless something newer overtakes that: then nothing of it is kept. */
async function draftFrom(issue: Issue, scene: DraftScene): Promise<Overtaken | undefined> {
  const { job, order, turn, github, deps } = scene;
  const repo = `${job.owner}/${job.repo}`;
  // Postmortems often stand in incidents that are closed: asked by name, those are drafted from too.
  if (order.kind === "look" && issue.state === "closed") return undefined;
  const branch = await readDefaultBranch(github.repository, repo, deps);
  const isWanted = (shown: Issue): boolean =>
    order.kind !== "look" || (shown.state === "open" && hasLabel(shown, branch.judging));
  if (!isWanted(issue)) return undefined;
  const bodyHash = digestText(issue, deps);
  const known = await deps.incidents.fetchIncident(repo, job.issue);
  // An earlier attempt at this very job ended after it had answered.
  if (known?.jobId === turn.origin.id) return undefined;
  if (order.kind === "look" && isSettled(known, bodyHash)) return undefined;

  const mayAsk = await isAtLeast("triage", job.actor, github);
  if (!mayAsk && (job.cause.kind === "edited" || known !== undefined)) return undefined;
  const ruling = order.kind === "draft" ? order.ruling : undefined;
  const overrule = await overrulingOf({ repo, issue: job.issue, ruling }, deps);
  const watch = watchIncident({ repo, issue, isWanted, github, deps }, turn.signal);
  const outcome: IncidentOutcome | Overtaken = mayAsk
    ? await answerIncident({ issue, branch, known, github, deps, watch, overrule })
    : { answer: { kind: "not_allowed", login: job.actor } };
  if ("kind" in outcome) return outcome;

  await publishAnswer(job, outcome.answer, github);
  const { id: jobId } = turn.origin;
  await deps.incidents.saveIncident(
    nextRecord({ repo, issue, bodyHash, known, outcome, jobId, now: deps.now() }),
  );
  return undefined;
}

/** Tells the people who wait for an incident's answer that there will be none until they ask again. */
export async function clearUpDraftFixtures(
  job: DraftFixtures,
  failure: { readonly system: string; readonly message: string },
  { origin }: Pick<Turn, "origin">,
  deps: JobDeps,
): Promise<void> {
  const github = await deps.connect(job.installationId, job.owner, job.repo);
  const issue = await github.issues.fetchIssue(job.issue);
  if (issue === undefined || !(await isAwaited(job, issue, github, deps))) return;
  const repo = `${job.owner}/${job.repo}`;
  const known = await deps.incidents.fetchIncident(repo, job.issue);
  if (known?.jobId === origin.id) return;
  const answer = { kind: "failed", ...failure } as const;
  await publishAnswer(job, answer, github);
  const bodyHash = digestText(issue, deps);
  if (known?.bodyHash === bodyHash) return;
  // Answered it is, if badly: nobody has to find it as an incident without an answer, or with an answer to an older text.
  const outcome = { answer };
  await deps.incidents.saveIncident(
    nextRecord({ repo, issue, bodyHash, known, outcome, jobId: known?.jobId, now: deps.now() }),
  );
}

/** Tells whether anybody waits for an answer: they asked by name, were answered before, or it is an open incident. */
async function isAwaited(
  job: DraftFixtures,
  issue: Issue,
  { repository }: GitHub,
  deps: JobDeps,
): Promise<boolean> {
  if (job.cause.kind === "command") return true;
  if (issue.state === "closed") return false;
  const repo = `${job.owner}/${job.repo}`;
  if ((await deps.incidents.fetchIncident(repo, job.issue)) !== undefined) return true;
  return hasLabel(issue, (await readDefaultBranch(repository, repo, deps)).judging);
}

/** An incident that somebody who may ask wants to be answered. */
interface AnswerOrder {
  readonly issue: Issue;
  readonly branch: DefaultBranch;
  readonly known: IncidentRecord | undefined;
  readonly github: GitHub;
  readonly deps: JobDeps;
  readonly watch: IncidentWatch;
  readonly overrule: DraftDeps["overrule"];
}

async function answerIncident(order: AnswerOrder): Promise<IncidentOutcome | Overtaken> {
  const { issue, branch, known: record, github, deps, watch, overrule } = order;
  const { tip, tree, config } = branch;
  if (config.kind === "absent") return { answer: { kind: "not_configured" } };
  if (config.kind === "unusable")
    return { answer: { kind: "configuration_broken", problems: config.problems } };

  const ground = await readGround(github, tip.sha, tree, config.value);
  const pending = await readPendingDrafts(issue, github);
  const known = withPending(ground, pending);
  const models = deps.models && watch.watched(deps.models);
  const drafted = await watch.unlessOvertaken((signal) =>
    draftIncident(issue, known, { ...deps, models, overrule }, signal),
  );
  if (drafted.kind === "withdrawn" || drafted.kind === "rewritten") return drafted;
  if (drafted.kind !== "drafted") return { answer: drafted };
  return await proposeDrafts(drafted.proposed, tip, record, github);
}

/** GitHub takes labels that differ in their letters' case only for the same. */
function hasLabel({ labels }: Issue, judging: DefaultBranch["judging"]): boolean {
  const wanted = incidentLabel(judging).toLowerCase();
  return labels.some((label) => label.toLowerCase() === wanted);
}

async function publishAnswer(
  job: DraftFixtures,
  answer: IncidentAnswer,
  { issues }: Pick<GitHub, "issues">,
): Promise<void> {
  await issues.publishComment(job.issue, COMMENT_KIND, renderIncidentAnswer(answer));
}
