import { RERUN_ACTION } from "../../core/report/check-run.ts";
import type { GitHub } from "../../ports/github.ts";
import { refuseCommand } from "./answer-command.ts";
import type { JobDeps } from "./deps.ts";
import { explainCommands } from "./explain-commands.ts";
import { explainPullRequest } from "./explain-pull-request.ts";
import type { GateOrder } from "./gate-order.ts";
import type { GateCause, GatePullRequest } from "./job.ts";
import { explainButton } from "./obey-button.ts";
import { obeyOverride, obeyReleaseOverride } from "./obey-override.ts";
import { obeyQuarantine } from "./obey-quarantine.ts";
import { type Command, parseCommand } from "./parse-command.ts";
import { isAtLeast } from "./rights.ts";
import { showAgain } from "./show-again.ts";

type CauseOf<K extends GateCause["kind"]> = Extract<GateCause, { kind: K }>;

const DONE: GateOrder = { kind: "done" };

/** Reads what the job is asked to do, and whether the one who asks may ask. */
export async function obeyGateCommand(
  job: GatePullRequest,
  github: GitHub,
  deps: JobDeps,
): Promise<GateOrder> {
  const { cause } = job;
  switch (cause.kind) {
    case "command":
      return await obey({ ...job, cause }, github, deps);
    case "action":
      return await press({ ...job, cause }, github, deps);
    case "rerun":
      return await rerun(cause, github);
    case "lapsed":
      return await endOverride({ ...job, cause }, github, deps);
    case "outage":
      return { kind: "run", when: "outage", approved: true, onlyHead: cause.headSha };
    case "retargeted":
      return { kind: "run", when: "always", approved: false, onlyHead: undefined };
    default:
      return { kind: "run", when: "unanswered", approved: false, onlyHead: undefined };
  }
}

/** GitHub offers its buttons to those with write access; we ask again, because a fork's run costs money. */
async function rerun(
  { actor, headSha }: { readonly actor: string; readonly headSha: string },
  github: GitHub,
): Promise<GateOrder> {
  const approved = await isAtLeast("write", actor, github);
  return { kind: "run", when: "always", approved, onlyHead: headSha };
}

async function press(
  job: GatePullRequest & { readonly cause: CauseOf<"action"> },
  github: GitHub,
  deps: JobDeps,
): Promise<GateOrder> {
  if (job.cause.action === RERUN_ACTION) return await rerun(job.cause, github);
  await explainButton(job, github, deps);
  return DONE;
}

/** What an override hid is shown as it is again. */
async function endOverride(
  { cause, pullRequest: number, owner, repo }: GatePullRequest & { readonly cause: CauseOf<"lapsed"> },
  github: GitHub,
  deps: JobDeps,
): Promise<GateOrder> {
  const pullRequest = await github.pullRequests.fetchPullRequest(number);
  if (pullRequest?.state !== "open") return DONE;
  const commit = { repo: `${owner}/${repo}`, headSha: cause.headSha, since: new Date(cause.at) };
  await showAgain(pullRequest, commit, github, deps);
  return DONE;
}

/** Tells whether a run on this head may come of this cause. */
export function mayRun(cause: GateCause, headSha: string): boolean {
  switch (cause.kind) {
    case "command":
      return isRun(parseCommand(cause.line));
    case "action":
      return cause.action === RERUN_ACTION && cause.headSha === headSha;
    case "rerun":
    case "outage":
    case "lapsed":
      return cause.headSha === headSha;
    // What stands is red for want of an approval, and nothing that failed makes it worse.
    case "reviewed":
      return false;
    default:
      return true;
  }
}

function isRun({ kind }: Command): boolean {
  return kind === "run" || kind === "rerun";
}

async function obey(
  job: GatePullRequest & { readonly cause: CauseOf<"command"> },
  github: GitHub,
  deps: JobDeps,
): Promise<GateOrder> {
  const { cause, pullRequest: number } = job;
  const command = parseCommand(cause.line);
  switch (command.kind) {
    case "run":
    case "rerun":
      return await obeyRun(cause, github);
    case "override":
      await obeyOverride(command, job, github, deps);
      return DONE;
    case "override_release":
      await obeyReleaseOverride(command, { ...job, number }, github, deps);
      return DONE;
    case "quarantine":
      return await obeyQuarantine(command, job, github, deps);
    case "explain":
      await explainPullRequest(command.fixture, job, github, deps);
      return DONE;
    case "misused":
      await refuseCommand({ ...cause, number }, command, github);
      return DONE;
    default:
      await explainCommands(command, { number, commentId: cause.commentId }, github);
      return DONE;
  }
}

async function obeyRun(cause: CauseOf<"command">, github: GitHub): Promise<GateOrder> {
  if (!(await isAtLeast("write", cause.actor, github))) {
    await github.issues.react(cause.commentId, "-1");
    return DONE;
  }
  await github.issues.react(cause.commentId, "eyes");
  return { kind: "run", when: "always", approved: true, onlyHead: undefined };
}
