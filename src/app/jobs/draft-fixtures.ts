import { writeFixture } from "../../core/fixture/write-fixture.ts";
import type { IncidentAnswer } from "../../core/report/incident-answer.ts";
import { proposeFixtures } from "../../core/report/propose-fixtures.ts";
import { renderHelp, renderIncidentAnswer } from "../../core/report/render-comment.ts";
import type { Tree } from "../../core/suite/snapshot.ts";
import type { GitHub } from "../../ports/github.ts";
import type { Issue } from "../../ports/issues.ts";
import type { Turn } from "../../ports/job-queue.ts";
import type { ProposalResult } from "../../ports/proposals.ts";
import type { IncidentRecord } from "../../ports/records.ts";
import type { Tip } from "../../ports/repository.ts";
import type { JobDeps } from "./deps.ts";
import { type Drafted, draftIncident } from "./draft-incident.ts";
import { readGround } from "./ground.ts";
import type { DraftFixtures } from "./job.ts";
import { isAtLeast } from "./obey-gate-command.ts";
import { parseCommand } from "./parse-command.ts";
import { type ConfigAtCommit, readConfig } from "./read-commit.ts";

const REVIEWER = /^@([A-Za-z0-9-]{1,39}(?:\/[A-Za-z0-9_.-]{1,100})?)$/;
const COMMENT_KIND = "incident";
const LABEL_DEFAULT = "incident";

/** Labelled issue in, pull request out: the first half of the product. */
export async function runDraftFixtures(job: DraftFixtures, turn: Turn, deps: JobDeps): Promise<void> {
  const github = await deps.connect(job.installationId, job.owner, job.repo);
  const issue = await github.issues.fetchIssue(job.issue);
  if (issue === undefined || issue.state === "closed") return;
  if (!(await isToDraft(job, github))) return;

  const tip = await github.repository.fetchDefaultTip();
  const tree = await github.repository.fetchTree(tip.sha);
  const config = await readConfig(github.repository, tree);
  const isCommand = job.cause.kind === "command";
  if (!isCommand && !issue.labels.includes(labelOf(config))) return;

  const repo = `${job.owner}/${job.repo}`;
  const record = await deps.incidents.fetchIncident(repo, job.issue);
  const bodyHash = deps.digest(`${issue.title}\n${issue.body}`);
  if (!isCommand && isSettled(record, bodyHash)) return;

  const mayAsk = await isAtLeast("triage", job.actor, github);
  if (!mayAsk && (job.cause.kind === "edited" || record !== undefined)) return;
  const answer = mayAsk
    ? await answerIncident({ issue, tip, tree, config, record, github, deps, signal: turn.signal })
    : ({ answer: { kind: "not_allowed", login: job.actor } } as const);

  await github.issues.publishComment(job.issue, COMMENT_KIND, renderIncidentAnswer(answer.answer));
  await deps.incidents.saveIncident(recordOf({ repo, issue, bodyHash, record, now: deps.now(), ...answer }));
}

/** Tells the people who wait for an incident's answer that there will be none until they ask again. */
export async function clearUpDraftFixtures(
  job: DraftFixtures,
  failure: { readonly system: string; readonly message: string },
  deps: JobDeps,
): Promise<void> {
  const github = await deps.connect(job.installationId, job.owner, job.repo);
  const issue = await github.issues.fetchIssue(job.issue);
  if (issue === undefined) return;
  const answer: IncidentAnswer = { kind: "failed", ...failure };
  await github.issues.publishComment(job.issue, COMMENT_KIND, renderIncidentAnswer(answer));
}

/** Obeys commands that draft nothing on the spot. */
async function isToDraft(job: DraftFixtures, github: GitHub): Promise<boolean> {
  if (job.cause.kind !== "command") return true;
  const command = parseCommand(job.cause.line);
  if (command.kind === "draft") {
    const mayAsk = await isAtLeast("triage", job.actor, github);
    await github.issues.react(job.cause.commentId, mayAsk ? "eyes" : "-1");
    return mayAsk;
  }
  await github.issues.react(job.cause.commentId, command.kind === "help" ? "+1" : "confused");
  await github.issues.publishComment(job.issue, "help", renderHelp());
  return false;
}

function labelOf(config: ConfigAtCommit): string {
  return config.kind === "parsed" ? config.value.incidents.label : LABEL_DEFAULT;
}

/** The same text was answered before, and nothing that we said then can have changed. */
function isSettled(record: IncidentRecord | undefined, bodyHash: string): boolean {
  return record?.bodyHash === bodyHash && record.state !== "not_configured" && record.state !== "not_allowed";
}

/** What is to be said on the issue, and what came of the pull request. */
interface Answered {
  readonly answer: IncidentAnswer;
  readonly result?: ProposalResult;
  readonly branch?: string;
  readonly fixtures?: readonly string[];
}

interface AnswerOrder {
  readonly issue: Issue;
  readonly tip: Tip;
  readonly tree: Tree;
  readonly config: ConfigAtCommit;
  readonly record: IncidentRecord | undefined;
  readonly github: GitHub;
  readonly deps: JobDeps;
  readonly signal: AbortSignal;
}

async function answerIncident(order: AnswerOrder): Promise<Answered> {
  const { issue, config, github, deps } = order;
  if (config.kind === "absent") return { answer: { kind: "not_configured" } };
  if (config.kind === "unusable")
    return { answer: { kind: "configuration_broken", problems: config.problems } };
  const ground = await readGround(github, order.tip.sha, order.tree, config.value);
  const drafted = await draftIncident(issue, ground, deps, order.signal);
  if (drafted.kind !== "drafted") return { answer: drafted };
  return await propose(order, drafted);
}

async function propose(
  { issue, tip, record, github }: AnswerOrder,
  { proposed }: Extract<Drafted, { kind: "drafted" }>,
): Promise<Answered> {
  const branch = `incident-to-eval/issue-${issue.number}`;
  const files = proposed.drafts.map(({ path, draft }) => ({ path, content: writeFixture(draft.fixture) }));
  const reviewers = reviewersOf(proposed.drafts.map(({ draft }) => draft.fixture.owner));
  const proposal = proposeFixtures({ proposed, files, branch, base: tip, reviewers });
  const result = await github.proposals.openProposal(proposal, record?.lastWrittenSha);
  return {
    answer: answerOf(result, proposed),
    result,
    branch,
    fixtures: proposal.files.map(({ path }) => path),
  };
}

/** Owners of fixtures that GitHub can ask for a review: people and teams. */
function reviewersOf(owners: readonly (string | undefined)[]): readonly string[] {
  const named = owners.flatMap((owner) => REVIEWER.exec(owner ?? "")?.[1] ?? []);
  return [...new Set(named)];
}

function answerOf(
  result: ProposalResult,
  proposed: Extract<Drafted, { kind: "drafted" }>["proposed"],
): IncidentAnswer {
  switch (result.kind) {
    case "opened":
    case "updated":
    case "unchanged":
      return { kind: "proposed", proposed, pullRequest: result.pullRequest, url: result.url };
    case "edited_by_people":
    case "rejected":
    case "merged":
      return { kind: "left_alone", because: result.kind, pullRequest: result.pullRequest, url: result.url };
  }
}

function recordOf(parts: {
  readonly repo: string;
  readonly issue: Issue;
  readonly bodyHash: string;
  readonly record: IncidentRecord | undefined;
  readonly now: Date;
  readonly answer: IncidentAnswer;
  readonly result?: ProposalResult;
  readonly branch?: string;
  readonly fixtures?: readonly string[];
}): IncidentRecord {
  const { record, result } = parts;
  const written =
    result !== undefined && "commit" in result && result.kind !== "edited_by_people"
      ? result.commit
      : undefined;
  return {
    repo: parts.repo,
    issue: parts.issue.number,
    bodyHash: parts.bodyHash,
    state: parts.answer.kind,
    fixtures: parts.fixtures ?? record?.fixtures ?? [],
    pullRequest: result?.pullRequest ?? record?.pullRequest,
    branch: parts.branch ?? record?.branch,
    lastWrittenSha: written ?? record?.lastWrittenSha,
    commentId: record?.commentId,
    updatedAt: parts.now,
  };
}
