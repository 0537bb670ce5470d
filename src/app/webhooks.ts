import type { Probot } from "probot";
import { CHECK_NAMES } from "../core/report/check-run.ts";
import { SETUP_BRANCH } from "../core/report/setup-proposal.ts";
import { ExternalFailure } from "../ports/external-failure.ts";
import type { ClaimedDelivery } from "../ports/inbox.ts";
import type { Touched } from "../ports/records.ts";
import {
  COMMAND_LENGTH_MAX,
  type DraftCause,
  type GateCause,
  type Job,
  REPOSITORIES_MAX,
  toldAt,
} from "./jobs/job.ts";
import { isCommand } from "./jobs/parse-command.ts";
import { DRAFT_BRANCH_PREFIX } from "./jobs/propose-drafts.ts";
import { defaultBranchJob, endedGroupJob, mergeGroupJob, releaseJob } from "./release-events.ts";
import {
  checkRunPayload,
  checkSuitePayload,
  installationPayload,
  issueCommentPayload,
  issuesPayload,
  type PullRequestRefs,
  pullRequestPayload,
  pullRequestReviewPayload,
  readPayload,
  repositoryEvent,
  repositoryPayload,
} from "./webhook-payloads.ts";

const ACTION_LENGTH_MAX = 20;
const OUR_CHECKS: ReadonlySet<string> = new Set(Object.values(CHECK_NAMES));

/** What an event asks for: nothing is done here, it is noted and done later. */
export interface Asked {
  readonly jobs: readonly Job[];
  /** Pull requests and issues that something happened to: a job that works on one must notice. */
  readonly touched: readonly Touched[];
}

/** What handlers know besides the event. */
export interface Surroundings {
  readonly appId: number;
  /** Base URL of GitHub's REST API. */
  readonly apiUrl: string;
  /** Told of pull requests for drafted fixtures that people closed. */
  readonly onDraftClosed?: (outcome: "merged" | "rejected") => void;
  /** Finds the pull requests whose gate ran on a commit; events on forks do not name them. */
  readonly searchPullRequests: (repo: string, headSha: string) => Promise<readonly number[]>;
}

/** An event as its handler sees it. */
interface Heard extends Surroundings {
  readonly delivery: string;
  readonly payload: unknown;
}

type EventName = Extract<Parameters<Probot["on"]>[0], string>;
type Handler = (heard: Heard) => Asked | Promise<Asked>;

const NOTHING: Asked = { jobs: [], touched: [] };

/** All events that the App listens to, by event and action. GitHub's order and repeats do not matter to any of them. */
const HANDLERS = {
  "issues.opened": (heard) => onIssue("opened", heard),
  "issues.labeled": (heard) => onIssue("labeled", heard),
  "issues.edited": (heard) => onIssue("edited", heard),
  "issues.reopened": (heard) => onIssue("reopened", heard),
  "issues.closed": onIssueWithdrawn,
  "issues.unlabeled": onIssueWithdrawn,
  "issues.deleted": onIssueWithdrawn,
  "issues.transferred": onIssueWithdrawn,
  "issue_comment.created": onComment,
  "pull_request.opened": (heard) => onPullRequest("opened", heard),
  "pull_request.synchronize": (heard) => onPullRequest("synchronize", heard),
  "pull_request.reopened": (heard) => onPullRequest("reopened", heard),
  "pull_request.ready_for_review": (heard) => onPullRequest("ready_for_review", heard),
  "pull_request.edited": (heard) => onPullRequest("retargeted", heard),
  "pull_request.closed": (heard) => onPullRequest("closed", heard),
  "pull_request_review.submitted": onReview,
  "pull_request_review.dismissed": onReview,
  "check_run.rerequested": onCheckRun,
  "check_run.requested_action": onCheckRun,
  "check_suite.rerequested": onCheckSuite,
  "merge_group.checks_requested": (heard) => asking(mergeGroupJob(heard.payload, placeIn(heard))),
  "merge_group.destroyed": (heard) => asking(endedGroupJob(heard.payload, placeIn(heard))),
  "deployment_protection_rule.requested": (heard) =>
    asking(releaseJob(heard.payload, placeIn(heard), heard.apiUrl)),
  push: onPush,
  "repository.renamed": onRepositoryMoved,
  "repository.transferred": onRepositoryMoved,
  "installation.created": onRepositoriesGiven,
  "installation.unsuspend": onInstallation,
  "installation.new_permissions_accepted": onInstallation,
  "installation_repositories.added": onRepositoriesGiven,
} satisfies Partial<Record<EventName, Handler>>;

/** The events that somebody listens to, whatever their action. */
export const EVENTS: ReadonlySet<string> = new Set(
  Object.keys(HANDLERS).map((name) => name.split(".")[0] ?? name),
);
const EVENTS_WITH_ACTION: ReadonlySet<string> = new Set(Object.keys(HANDLERS));

/** Tells whether anybody listens to an event. */
export function isHeard(event: string, action: string | undefined): boolean {
  // Some events have no actions.
  return EVENTS_WITH_ACTION.has(event) || EVENTS_WITH_ACTION.has(`${event}.${action}`);
}

/** Answers what a delivery asks for; throws where its payload does not fit, without showing its content. */
export type Hear = (delivery: ClaimedDelivery) => Promise<Asked>;

/** Registers the handlers with Probot, and gives the function that has them hear a delivery. */
export function listenToEvents(probot: Probot, surroundings: Surroundings): Hear {
  const answers = new WeakMap<object, Asked>();
  for (const [name, handler] of Object.entries<Handler>(HANDLERS)) {
    probot.on(name as EventName, async ({ id, payload }) => {
      answers.set(payload, await handler({ ...surroundings, delivery: id, payload }));
    });
  }
  return async ({ id, event, payload }) => {
    // Most of what GitHub sends nobody listens to, and reading it costs more than all the rest.
    if (!EVENTS.has(event)) return NOTHING;
    const read = readJson(payload, event);
    if (!isHeard(event, String(read.action))) return NOTHING;
    await received(() =>
      probot.receive({ id, name: event, payload: read } as Parameters<Probot["receive"]>[0]),
    );
    return answers.get(read) ?? NOTHING;
  };
}

function readJson(text: string, event: string): { readonly action?: unknown } {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own words quote the text.
    throw new Error(`reading the payload of ${event}: expected JSON`);
  }
}

/** Probot gathers what its handlers throw into one error; the outside's failure among them decides on another attempt. */
async function received(receive: () => Promise<void>): Promise<void> {
  try {
    await receive();
  } catch (gathered) {
    const causes: readonly unknown[] = gathered instanceof AggregateError ? gathered.errors : [gathered];
    throw causes.find((cause) => cause instanceof ExternalFailure) ?? causes[0] ?? gathered;
  }
}

function onIssue(kind: "opened" | "labeled" | "edited" | "reopened", { payload, delivery }: Heard): Asked {
  const event = readPayload(issuesPayload, payload, "issues");
  // Which label counts is configured in the repository; without any there is nothing to ask about.
  if ((event.issue.labels ?? []).length === 0) return NOTHING;
  // Apps edit issues to note things on them, we among them.
  if (kind === "edited" && event.sender.type === "Bot") return NOTHING;
  const actor = event.sender.login;
  const { number: issue, updated_at } = event.issue;
  const updatedAt = updated_at ?? undefined;
  const place = placeOf(event, delivery);
  const told = { toldAt: dateOf(updatedAt), editedBy: kind === "edited" ? actor : undefined };
  return {
    jobs: [{ kind: "draft-fixtures", ...place, issue, actor, cause: { kind, updatedAt } }],
    touched: [{ repo: nameOf(place), number: issue, ...told }],
  };
}

/** There is nothing to draft any more: what is being drafted must notice. */
function onIssueWithdrawn({ payload, delivery }: Heard): Asked {
  const event = readPayload(issuesPayload, payload, "issues");
  const { number, updated_at } = event.issue;
  const repo = nameOf(placeOf(event, delivery));
  return { jobs: [], touched: [{ repo, number, toldAt: dateOf(updated_at ?? undefined) }] };
}

function onComment({ payload, delivery }: Heard): Asked {
  const event = readPayload(issueCommentPayload, payload, "issue_comment");
  const { comment, issue } = event;
  const line = firstLine(comment.body ?? "");
  const author = comment.user ?? event.sender;
  if (!isCommand(line) || author.type === "Bot") return NOTHING;
  const cause = {
    kind: "command",
    commentId: comment.id,
    actor: author.login,
    line,
    writtenAt: comment.created_at ?? undefined,
  } satisfies DraftCause & GateCause;
  const place = placeOf(event, delivery);
  const isPullRequest = issue.pull_request !== undefined && issue.pull_request !== null;
  return asking(
    isPullRequest
      ? { kind: "gate-pull-request", ...place, pullRequest: issue.number, cause }
      : { kind: "draft-fixtures", ...place, issue: issue.number, actor: author.login, cause },
  );
}

function onPullRequest(
  kind: "opened" | "synchronize" | "reopened" | "ready_for_review" | "retargeted" | "closed",
  { payload, delivery, onDraftClosed }: Heard,
): Asked {
  const event = readPayload(pullRequestPayload, payload, "pull_request");
  const { head, merged } = event.pull_request;
  const isOurBranch = head?.ref?.startsWith(DRAFT_BRANCH_PREFIX) && head.repo?.id === event.repository.id;
  if (kind === "closed" && isOurBranch) onDraftClosed?.(merged ? "merged" : "rejected");
  // A new title or text changes nothing that is judged.
  if (kind === "retargeted" && event.changes?.base === undefined) return NOTHING;
  const { number, updated_at } = event.pull_request;
  const place = placeOf(event, delivery);
  const asked = gating(place, [number], { kind, updatedAt: updated_at ?? undefined });
  const isSetup = head?.ref === SETUP_BRANCH && head.repo?.id === event.repository.id;
  if (!isSetup || (kind !== "closed" && kind !== "reopened")) return asked;
  return { ...asked, jobs: [...asked.jobs, { kind: "propose-setup", ...place, occasion: "decided" }] };
}

/** An approval may let through what a pull request weakens, and what takes it back may not; what is merely said does neither. */
function onReview({ payload, delivery }: Heard): Asked {
  const event = readPayload(pullRequestReviewPayload, payload, "pull_request_review");
  const { action, review, pull_request: pullRequest } = event;
  if (review.state.toLowerCase() === "commented") return NOTHING;
  const updatedAt = pullRequest.updated_at ?? undefined;
  const cause = {
    kind: "reviewed",
    review: review.id,
    dismissed: action === "dismissed",
    updatedAt,
  } as const;
  const place = placeOf(event, delivery);
  return asking({ kind: "gate-pull-request", ...place, pullRequest: pullRequest.number, cause });
}

async function onCheckRun(heard: Heard): Promise<Asked> {
  const event = readPayload(checkRunPayload, heard.payload, "check_run");
  const { check_run: check, requested_action: action, sender } = event;
  if (!isOurs(check.app, heard.appId) || !OUR_CHECKS.has(check.name)) return NOTHING;
  const cause: GateCause =
    action === undefined
      ? { kind: "rerun", actor: sender.login, headSha: check.head_sha }
      : {
          kind: "action",
          actor: sender.login,
          action: action.identifier.slice(0, ACTION_LENGTH_MAX),
          headSha: check.head_sha,
        };
  return gating(placeOf(event, heard.delivery), await pullRequestsOf(event, check, heard), cause);
}

async function onCheckSuite(heard: Heard): Promise<Asked> {
  const event = readPayload(checkSuitePayload, heard.payload, "check_suite");
  const { check_suite: suite, sender } = event;
  if (!isOurs(suite.app, heard.appId)) return NOTHING;
  const pullRequests = await pullRequestsOf(event, suite, heard);
  const cause: GateCause = { kind: "rerun", actor: sender.login, headSha: suite.head_sha };
  return gating(placeOf(event, heard.delivery), pullRequests, cause);
}

/** Other branches are looked at where they are proposed. */
function onPush(heard: Heard): Asked {
  const job = defaultBranchJob(heard.payload, placeIn(heard));
  return job === undefined ? NOTHING : asking(job);
}

/** What is kept of the repository goes along with it. */
function onRepositoryMoved({ payload, delivery }: Heard): Asked {
  const event = readPayload(repositoryPayload, payload, "repository");
  const { repository, changes } = event;
  const formerOwner = changes.owner?.from.organization ?? changes.owner?.from.user ?? repository.owner;
  const formerName = `${formerOwner.login}/${changes.repository?.name.from ?? repository.name}`;
  const place = { ...placeOf(event, delivery), repositoryId: repository.id };
  return asking({ kind: "move-repository", ...place, formerName });
}

/** What happened there while the App was not there to hear of it is looked for. */
function onInstallation({ payload }: Heard): Asked {
  const { installation } = readPayload(installationPayload, payload, "installation");
  return asking({ kind: "sweep-installations", installationId: installation.id });
}

/** Repositories that we were not given before may want to be set up. */
function onRepositoriesGiven(heard: Heard): Asked {
  const event = readPayload(installationPayload, heard.payload, "installation");
  const { installation, repositories_added: added } = event;
  const repositoryIds = added?.map(({ id }) => id);
  const isNamed = repositoryIds !== undefined && repositoryIds.length <= REPOSITORIES_MAX;
  const offer: Job = {
    kind: "offer-setups",
    installationId: installation.id,
    ...(isNamed ? { repositoryIds } : {}),
  };
  const { jobs, touched } = onInstallation(heard);
  return { jobs: [...jobs, offer], touched };
}

function asking(job: Job): Asked {
  return { jobs: [job], touched: [] };
}

function gating(place: Place, pullRequests: readonly number[], cause: GateCause): Asked {
  const repo = nameOf(place);
  return {
    jobs: pullRequests.map((pullRequest) => ({ kind: "gate-pull-request", ...place, pullRequest, cause })),
    touched: pullRequests.map((number) => ({ repo, number, toldAt: toldAt(cause) })),
  };
}

function nameOf({ owner, repo }: Place): string {
  return `${owner}/${repo}`;
}

function dateOf(time: string | undefined): Date | undefined {
  return time === undefined ? undefined : new Date(time);
}

interface Place {
  readonly installationId: number;
  readonly owner: string;
  readonly repo: string;
  readonly repositoryId?: number;
  readonly delivery: string;
}

interface Placed {
  readonly installation: { readonly id: number };
  readonly repository: {
    readonly id?: number | undefined;
    readonly name: string;
    readonly owner: { readonly login: string };
  };
}

function placeOf({ installation, repository }: Placed, delivery: string): Place {
  return {
    installationId: installation.id,
    owner: repository.owner.login,
    repo: repository.name,
    ...(repository.id === undefined ? {} : { repositoryId: repository.id }),
    delivery,
  };
}

/** Where a repository's event happened. */
function placeIn({ payload, delivery }: Heard): Place {
  return placeOf(readPayload(repositoryEvent, payload, "a repository's event"), delivery);
}

async function pullRequestsOf(
  { repository }: Placed,
  check: { readonly head_sha: string; readonly pull_requests?: PullRequestRefs },
  { searchPullRequests }: Surroundings,
): Promise<readonly number[]> {
  const named = (check.pull_requests ?? [])
    .filter(({ base }) => {
      const there = base?.repo?.id;
      return repository.id === undefined || there === undefined || there === repository.id;
    })
    .map(({ number }) => number);
  const known = await searchPullRequests(`${repository.owner.login}/${repository.name}`, check.head_sha);
  return [...new Set([...named, ...known])];
}

/** GitHub sends these events to the App that owns the check only; where it is named all the same, it must be us. */
function isOurs(app: { readonly id: number } | null | undefined, appId: number): boolean {
  return app === null || app === undefined || app.id === appId;
}

/** The first line without control characters, which some databases do not store, cut to what a job carries. */
function firstLine(body: string): string {
  const line = body.split(/\r?\n/, 1)[0] ?? "";
  return line
    .replaceAll(/\p{Cc}/gu, " ")
    .slice(0, COMMAND_LENGTH_MAX)
    .trim();
}
