import { isSameLogin, listParties } from "../../core/config/party.ts";
import { CHECK_NAMES } from "../../core/report/check-run.ts";
import { overridable } from "../../core/report/override-checks.ts";
import type { Refusal } from "../../core/report/refusal.ts";
import type { OverrideDecision, ReleaseOverrideDecision } from "../../ports/decisions.ts";
import type { GitHub } from "../../ports/github.ts";
import type { PullRequest } from "../../ports/pull-requests.ts";
import type { GateRun } from "../../ports/records.ts";
import { refuseCommand } from "./answer-command.ts";
import { askReleasesAgain } from "./ask-releases-again.ts";
import { bindCommit } from "./bind-commit.ts";
import { decisionId, readOverrideRules, redactReason } from "./decide.ts";
import type { JobDeps } from "./deps.ts";
import type { GatePullRequest } from "./job.ts";
import type { Command } from "./parse-command.ts";
import { standingAmong } from "./rights.ts";
import { showAgain } from "./show-again.ts";

const DAY_MS = 24 * 60 * 60 * 1_000;

type CommandCause = Extract<GatePullRequest["cause"], { kind: "command" }>;
type OverrideCommand = Extract<Command, { kind: "override" }>;

/** Lets one commit through where the one who asks may, and knows what they let through; otherwise says why not. */
export async function obeyOverride(
  command: OverrideCommand,
  job: GatePullRequest & { readonly cause: CommandCause },
  github: GitHub,
  deps: JobDeps,
): Promise<void> {
  const { cause, pullRequest: number } = job;
  const repo = `${job.owner}/${job.repo}`;
  const pullRequest = await github.pullRequests.fetchPullRequest(number);
  if (pullRequest === undefined || pullRequest.state === "closed") return;
  const id = decisionId(cause.commentId);
  const known = await deps.decisions.fetchDecision(repo, id);
  const decided = known ?? (await decide({ command, cause, repo, pullRequest, github, deps }));
  switch (decided.kind) {
    case "override":
      break;
    case "refused":
      return await refuseCommand({ ...cause, number }, decided.refusal, github);
    default:
      return;
  }
  if (known === undefined) {
    await deps.decisions.saveDecision(decided);
    const { headSha, expiresAt } = decided;
    const lapsed = { kind: "lapsed", headSha, at: expiresAt.toISOString() } as const;
    await deps.queue.enqueue({ ...job, cause: lapsed }, expiresAt);
  }
  await showAgain(pullRequest, { repo, headSha: decided.headSha, since: decided.at }, github, deps);
  await github.issues.react(cause.commentId, "+1");
}

/** Somebody who asks to override the checks of a pull request. */
interface Request {
  readonly command: OverrideCommand;
  readonly cause: CommandCause;
  readonly repo: string;
  readonly pullRequest: PullRequest;
  readonly github: GitHub;
  readonly deps: JobDeps;
}

type Decided = OverrideDecision | { readonly kind: "refused"; readonly refusal: Refusal };

async function decide(request: Request): Promise<Decided> {
  const { command, cause, repo, pullRequest, github, deps } = request;
  const rules = await readOverrideRules(repo, github, deps);
  if (rules === undefined) return refused({ kind: "not_configured" });
  const headSha = pullRequest.head.sha;
  const runs = await deps.gateRuns.searchByPullRequest(repo, pullRequest.number);
  const writtenAt = cause.writtenAt === undefined ? undefined : new Date(cause.writtenAt);
  const bound = bindCommit({ named: command.sha, writtenAt }, headSha, runs);
  const level = bound.kind === "bound" ? redLevel(bound.run) : undefined;
  const configuredAt = level === "warning" ? "override.warning" : "override.blocking";
  const allowed =
    level === "blocking" ? listParties(rules.blocking) : listParties(rules.warning, rules.blocking);

  // Who may not override at all is told so first, and nothing of when they might.
  const standing = await standingAmong(allowed, cause.actor, github);
  if (standing.kind === "not_allowed")
    return refused({ kind: "not_allowed", allowed, configuredAt, unreadable: standing.unreadable });
  if (!rules.own_pull_request && isSameLogin(cause.actor, pullRequest.author))
    return refused({ kind: "own_pull_request" });
  if (bound.kind === "unbound") return refused({ kind: bound.because, headSha });
  if (level === undefined) return refused({ kind: "nothing_red" });
  const { hides, unacceptable } = overridable(bound.run.checks ?? []);
  if (unacceptable.length > 0) return refused({ kind: "unacceptable", grounds: unacceptable });

  const at = deps.now();
  return {
    kind: "override",
    id: decisionId(cause.commentId),
    repo,
    actor: cause.actor,
    as: standing.as,
    reason: await redactReason(command.reason, deps),
    at,
    pullRequest: pullRequest.number,
    headSha,
    base: pullRequest.base.branch,
    hides,
    expiresAt: new Date(at.getTime() + rules.days * DAY_MS),
  };
}

/** Which right it takes to turn all red checks of a run green; undefined where none is red. */
function redLevel({ checks = [] }: GateRun): "blocking" | "warning" | undefined {
  const { hides, unacceptable } = overridable(checks);
  const names = [...hides, ...unacceptable.map(({ check }) => ({ check }))].map(({ check }) => check);
  if (names.length === 0) return undefined;
  return names.every((name) => name === CHECK_NAMES.warning) ? "warning" : "blocking";
}

function refused(refusal: Refusal): Decided {
  return { kind: "refused", refusal };
}

type ReleaseOverrideCommand = Extract<Command, { kind: "override_release" }>;

/** A command on an issue or a pull request. */
interface Placed {
  readonly owner: string;
  readonly repo: string;
  readonly number: number;
  readonly cause: Omit<CommandCause, "kind">;
}

/** Notes that one commit may be deployed although fixtures hold it, where the one who asks may; otherwise says why not. */
export async function obeyReleaseOverride(
  command: ReleaseOverrideCommand,
  { owner, repo: name, number, cause }: Placed,
  github: GitHub,
  deps: JobDeps,
): Promise<void> {
  const repo = `${owner}/${name}`;
  const id = decisionId(cause.commentId);
  const known = await deps.decisions.fetchDecision(repo, id);
  if (known?.kind === "release_override") await askReleasesAgain(repo, known.headSha, deps);
  if (known !== undefined) return;
  const refuse = (refusal: Refusal) => refuseCommand({ ...cause, number }, refusal, github);
  const rules = await readOverrideRules(repo, github, deps);
  if (rules === undefined) return await refuse({ kind: "not_configured" });
  const allowed = listParties(rules.blocking);
  const standing = await standingAmong(allowed, cause.actor, github);
  if (standing.kind === "not_allowed") {
    const { unreadable } = standing;
    return await refuse({
      kind: "not_allowed",
      allowed,
      configuredAt: "override.blocking",
      unreadable,
    });
  }
  const headSha = await github.commits.fetchCommit(command.sha);
  // A branch or a tag can bear such a name too.
  if (headSha === undefined || !headSha.startsWith(command.sha))
    return await refuse({ kind: "unknown_commit", named: command.sha });
  const at = deps.now();
  const decision: ReleaseOverrideDecision = {
    kind: "release_override",
    id,
    repo,
    actor: cause.actor,
    as: standing.as,
    reason: await redactReason(command.reason, deps),
    at,
    issue: number,
    headSha,
    expiresAt: new Date(at.getTime() + rules.days * DAY_MS),
  };
  await deps.decisions.saveDecision(decision);
  await askReleasesAgain(repo, headSha, deps);
  await github.issues.react(cause.commentId, "+1");
}
