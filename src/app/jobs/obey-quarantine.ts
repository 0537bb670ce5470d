import { listParties } from "../../core/config/party.ts";
import type { Refusal } from "../../core/report/refusal.ts";
import { nearestWord } from "../../core/text/nearest-word.ts";
import type { QuarantineDecision } from "../../ports/decisions.ts";
import type { GitHub } from "../../ports/github.ts";
import { refuseCommand } from "./answer-command.ts";
import { decisionId, redactReason } from "./decide.ts";
import { readDefaultBranch } from "./default-branch.ts";
import type { JobDeps } from "./deps.ts";
import type { GateOrder } from "./gate-order.ts";
import type { GatePullRequest } from "./job.ts";
import type { Command } from "./parse-command.ts";
import { readFixturesAt } from "./read-commit.ts";
import { isAtLeast, standingAmong } from "./rights.ts";

const DAY_MS = 24 * 60 * 60 * 1_000;

type CommandCause = Extract<GatePullRequest["cause"], { kind: "command" }>;
type QuarantineCommand = Extract<Command, { kind: "quarantine" }>;
type Decided = QuarantineDecision | { readonly kind: "refused"; readonly refusal: Refusal };

/** Lists a fixture instead of letting it block while it is unstable, where its owner asks for that. */
export async function obeyQuarantine(
  command: QuarantineCommand,
  job: GatePullRequest & { readonly cause: CommandCause },
  github: GitHub,
  deps: JobDeps,
): Promise<GateOrder> {
  const { cause, pullRequest: number } = job;
  const repo = `${job.owner}/${job.repo}`;
  const known = await deps.decisions.fetchDecision(repo, decisionId(cause.commentId));
  if (known === undefined) {
    const decided = await decide(command, { repo, cause }, github, deps);
    if (decided.kind === "refused") {
      await refuseCommand({ ...cause, number }, decided.refusal, github);
      return { kind: "done" };
    }
    await deps.decisions.saveDecision(decided);
  }
  await github.issues.react(cause.commentId, "+1");
  // A quarantine is part of what judges, so that what was answered without it is answered again.
  const approved = await isAtLeast("write", cause.actor, github);
  return { kind: "run", when: "unanswered", approved, onlyHead: undefined };
}

async function decide(
  { fixture: id, days, reason }: QuarantineCommand,
  { repo, cause }: { readonly repo: string; readonly cause: CommandCause },
  github: GitHub,
  deps: JobDeps,
): Promise<Decided> {
  const { tree, judging } = await readDefaultBranch(github.repository, repo, deps);
  if (judging.kind !== "parsed") return refused({ kind: "not_configured" });
  const { files } = await readFixturesAt(github.repository, tree);
  const file = files.find(({ fixture }) => fixture.id === id);
  // The version of the default branch says whose it is, whatever a pull request makes of it.
  const owner = file?.fixture.owner;
  const allowed = listParties(owner === undefined ? [] : owner, judging.value.override.blocking);
  const standing = await standingAmong(allowed, cause.actor, github);
  if (standing.kind === "not_allowed") {
    const configuredAt = "override.blocking";
    return refused({ kind: "not_allowed", allowed, configuredAt, unreadable: standing.unreadable });
  }
  if (file === undefined) {
    const ids = files.map(({ fixture }) => fixture.id);
    return refused({ kind: "unknown_fixture", fixture: id, nearest: nearestWord(id, ids) });
  }
  const at = deps.now();
  return {
    kind: "quarantine",
    id: decisionId(cause.commentId),
    repo,
    actor: cause.actor,
    as: standing.as,
    reason: await redactReason(reason, deps),
    at,
    fixture: id,
    expiresAt: new Date(at.getTime() + days * DAY_MS),
  };
}

function refused(refusal: Refusal): Decided {
  return { kind: "refused", refusal };
}
