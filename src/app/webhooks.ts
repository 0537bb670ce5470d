import type { Probot } from "probot";
import { CHECK_NAMES } from "../core/report/check-run.ts";
import { COMMAND_LENGTH_MAX, type DraftCause, type GateCause, type Job } from "./jobs/job.ts";
import { isCommand } from "./jobs/parse-command.ts";
import {
  checkRunPayload,
  checkSuitePayload,
  issueCommentPayload,
  issuesPayload,
  type PullRequestRefs,
  pullRequestPayload,
  readPayload,
} from "./webhook-payloads.ts";

const ACTION_LENGTH_MAX = 20;
const OUR_CHECKS: ReadonlySet<string> = new Set(Object.values(CHECK_NAMES));

/** What handlers may do: note that something is to be done, no more. */
export interface WebhookActions {
  readonly appId: number;
  readonly enqueue: (job: Job) => Promise<unknown>;
  /** Tells a running gate that something happened to its pull request. */
  readonly supersede: (repo: string, pullRequest: number) => Promise<unknown>;
  /** Finds the pull requests whose gate ran on a commit; events on forks do not name them. */
  readonly searchPullRequests: (repo: string, headSha: string) => Promise<readonly number[]>;
}

/** Registers the handlers of all events that the App listens to. They only enqueue: GitHub's order and repeats do not matter. */
export function registerWebhooks(probot: Probot, actions: WebhookActions): void {
  probot.on("issues.opened", ({ payload }) => onIssue("opened", payload, actions));
  probot.on("issues.labeled", ({ payload }) => onIssue("labeled", payload, actions));
  probot.on("issues.edited", ({ payload }) => onIssue("edited", payload, actions));
  probot.on("issue_comment.created", ({ payload }) => onComment(payload, actions));
  probot.on("pull_request.opened", ({ payload }) => onPullRequest("opened", payload, actions));
  probot.on("pull_request.synchronize", ({ payload }) => onPullRequest("synchronize", payload, actions));
  probot.on("pull_request.reopened", ({ payload }) => onPullRequest("reopened", payload, actions));
  probot.on("pull_request.ready_for_review", ({ payload }) =>
    onPullRequest("ready_for_review", payload, actions),
  );
  probot.on("pull_request.edited", ({ payload }) => onPullRequest("retargeted", payload, actions));
  probot.on("pull_request.closed", ({ payload }) => onPullRequest("closed", payload, actions));
  probot.on("check_run.rerequested", ({ payload }) => onCheckRun(payload, actions));
  probot.on("check_run.requested_action", ({ payload }) => onCheckRun(payload, actions));
  probot.on("check_suite.rerequested", ({ payload }) => onCheckSuite(payload, actions));
}

async function onIssue(
  kind: "opened" | "labeled" | "edited",
  payload: unknown,
  actions: WebhookActions,
): Promise<void> {
  const event = readPayload(issuesPayload, payload, "issues");
  // Which label counts is configured in the repository; without any there is nothing to ask about.
  if ((event.issue.labels ?? []).length === 0) return;
  // Apps edit issues to note things on them, we among them.
  if (kind === "edited" && event.sender.type === "Bot") return;
  await actions.enqueue({
    kind: "draft-fixtures",
    ...placeOf(event),
    issue: event.issue.number,
    actor: event.sender.login,
    cause: { kind },
  });
}

async function onComment(payload: unknown, actions: WebhookActions): Promise<void> {
  const event = readPayload(issueCommentPayload, payload, "issue_comment");
  const { comment, issue } = event;
  const line = firstLine(comment.body ?? "");
  const author = comment.user ?? event.sender;
  if (!isCommand(line) || author.type === "Bot") return;
  const cause = {
    kind: "command",
    commentId: comment.id,
    actor: author.login,
    line,
  } satisfies DraftCause & GateCause;
  const place = placeOf(event);
  const isPullRequest = issue.pull_request !== undefined && issue.pull_request !== null;
  await actions.enqueue(
    isPullRequest
      ? { kind: "gate-pull-request", ...place, pullRequest: issue.number, cause }
      : { kind: "draft-fixtures", ...place, issue: issue.number, actor: author.login, cause },
  );
}

async function onPullRequest(
  kind: "opened" | "synchronize" | "reopened" | "ready_for_review" | "retargeted" | "closed",
  payload: unknown,
  actions: WebhookActions,
): Promise<void> {
  const event = readPayload(pullRequestPayload, payload, "pull_request");
  // A new title or text changes nothing that is judged.
  if (kind === "retargeted" && event.changes?.base === undefined) return;
  await gate(placeOf(event), [event.pull_request.number], { kind }, actions);
}

async function onCheckRun(payload: unknown, actions: WebhookActions): Promise<void> {
  const event = readPayload(checkRunPayload, payload, "check_run");
  const { check_run: check, requested_action: action, sender } = event;
  if (!isOurs(check.app, actions.appId) || !OUR_CHECKS.has(check.name)) return;
  const place = placeOf(event);
  const cause: GateCause =
    action === undefined
      ? { kind: "rerun", actor: sender.login, headSha: check.head_sha }
      : {
          kind: "action",
          actor: sender.login,
          action: action.identifier.slice(0, ACTION_LENGTH_MAX),
          headSha: check.head_sha,
        };
  await gate(place, await pullRequestsOf(event, check, actions), cause, actions);
}

async function onCheckSuite(payload: unknown, actions: WebhookActions): Promise<void> {
  const event = readPayload(checkSuitePayload, payload, "check_suite");
  const { check_suite: suite, sender } = event;
  if (!isOurs(suite.app, actions.appId)) return;
  const place = placeOf(event);
  const pullRequests = await pullRequestsOf(event, suite, actions);
  const cause: GateCause = { kind: "rerun", actor: sender.login, headSha: suite.head_sha };
  await gate(place, pullRequests, cause, actions);
}

async function gate(
  place: Place,
  pullRequests: readonly number[],
  cause: GateCause,
  actions: WebhookActions,
): Promise<void> {
  for (const pullRequest of pullRequests) {
    // First, so that a job that starts in between has counted this event as seen.
    await actions.supersede(`${place.owner}/${place.repo}`, pullRequest);
    await actions.enqueue({ kind: "gate-pull-request", ...place, pullRequest, cause });
  }
}

interface Place {
  readonly installationId: number;
  readonly owner: string;
  readonly repo: string;
}

function placeOf(event: {
  readonly installation: { readonly id: number };
  readonly repository: { readonly name: string; readonly owner: { readonly login: string } };
}): Place {
  const { installation, repository } = event;
  return { installationId: installation.id, owner: repository.owner.login, repo: repository.name };
}

async function pullRequestsOf(
  event: Parameters<typeof placeOf>[0] & { readonly repository: { readonly id?: number | undefined } },
  check: { readonly head_sha: string; readonly pull_requests?: PullRequestRefs },
  actions: WebhookActions,
): Promise<readonly number[]> {
  const { owner, repo } = placeOf(event);
  const here = event.repository.id;
  const named = (check.pull_requests ?? [])
    .filter(({ base }) => here === undefined || base?.repo?.id === undefined || base.repo.id === here)
    .map(({ number }) => number);
  const known = await actions.searchPullRequests(`${owner}/${repo}`, check.head_sha);
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
