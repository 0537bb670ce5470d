import type { IncidentAnswer } from "../../core/report/incident-answer.ts";
import { renderIncidentAnswer } from "../../core/report/render-comment.ts";
import type { GitHub } from "../../ports/github.ts";
import type { Issue } from "../../ports/issues.ts";
import type { Turn } from "../../ports/job-queue.ts";
import type { IncidentRecord } from "../../ports/records.ts";
import { awaitShown } from "./await-shown.ts";
import { type DefaultBranch, readDefaultBranch } from "./default-branch.ts";
import type { JobDeps } from "./deps.ts";
import { draftIncident } from "./draft-incident.ts";
import { readGround, withPending } from "./ground.ts";
import { heedSignal } from "./heed-signal.ts";
import { incidentLabel } from "./incident-label.ts";
import { type IncidentOutcome, isSettled, nextRecord } from "./incident-record.ts";
import type { DraftFixtures } from "./job.ts";
import { obeyDraftCommand } from "./obey-draft-command.ts";
import { proposeDrafts } from "./propose-drafts.ts";
import { readPendingDrafts } from "./read-pending-drafts.ts";
import { isAtLeast } from "./rights.ts";

const COMMENT_KIND = "incident";

/** Labelled issue in, pull request out: the first half of the product. */
export async function runDraftFixtures(job: DraftFixtures, turn: Turn, given: JobDeps): Promise<void> {
  const deps = heedSignal(given, turn.signal);
  const github = await deps.connect(job.installationId, job.owner, job.repo);
  const issue = await github.issues.fetchIssue(job.issue);
  awaitShown(issue, job, turn.origin, deps.now());
  if (issue === undefined) return;
  const order = await obeyDraftCommand(job, github);
  if (order.kind === "done") return;
  // Postmortems often stand in incidents that are closed: asked by name, those are drafted from too.
  if (order.kind === "look" && issue.state === "closed") return;

  const repo = `${job.owner}/${job.repo}`;
  const branch = await readDefaultBranch(github.repository, repo, deps);
  if (order.kind === "look" && !hasLabel(issue, branch.judging)) return;
  const bodyHash = bodyHashOf(issue, deps);
  const known = await deps.incidents.fetchIncident(repo, job.issue);
  if (order.kind === "look" && isSettled(known, bodyHash)) return;

  const mayAsk = await isAtLeast("triage", job.actor, github);
  if (!mayAsk && (job.cause.kind === "edited" || known !== undefined)) return;
  const outcome: IncidentOutcome = mayAsk
    ? await answerIncident({ issue, branch, known, github, deps, signal: turn.signal })
    : { answer: { kind: "not_allowed", login: job.actor } };

  await publishAnswer(job, outcome.answer, github);
  await deps.incidents.saveIncident(nextRecord({ repo, issue, bodyHash, known, outcome, now: deps.now() }));
}

/** Tells the people who wait for an incident's answer that there will be none until they ask again. */
export async function clearUpDraftFixtures(
  job: DraftFixtures,
  failure: { readonly system: string; readonly message: string },
  deps: JobDeps,
): Promise<void> {
  const github = await deps.connect(job.installationId, job.owner, job.repo);
  const issue = await github.issues.fetchIssue(job.issue);
  if (issue === undefined || !(await isAwaited(job, issue, github, deps))) return;
  const answer = { kind: "failed", ...failure } as const;
  await publishAnswer(job, answer, github);
  const repo = `${job.owner}/${job.repo}`;
  const known = await deps.incidents.fetchIncident(repo, job.issue);
  if (known !== undefined) return;
  // Answered it is, if badly: nobody has to find it as an incident without an answer.
  const record = {
    repo,
    issue,
    bodyHash: bodyHashOf(issue, deps),
    known,
    outcome: { answer },
    now: deps.now(),
  };
  await deps.incidents.saveIncident(nextRecord(record));
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
  readonly signal: AbortSignal;
}

async function answerIncident(order: AnswerOrder): Promise<IncidentOutcome> {
  const { issue, branch, known: record, github, deps, signal } = order;
  const { tip, tree, config } = branch;
  if (config.kind === "absent") return { answer: { kind: "not_configured" } };
  if (config.kind === "unusable")
    return { answer: { kind: "configuration_broken", problems: config.problems } };

  const ground = await readGround(github, tip.sha, tree, config.value);
  const pending = await readPendingDrafts(issue, github);
  const known = withPending(ground, pending);
  const drafted = await draftIncident(issue, known, deps, signal);
  if (drafted.kind !== "drafted") return { answer: drafted };
  return await proposeDrafts(drafted.proposed, tip, record, github);
}

function bodyHashOf({ title, body }: Issue, { digest }: JobDeps): string {
  return digest(`${title}\n${body}`);
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
