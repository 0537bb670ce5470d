import { RERUN_ACTION } from "../../core/report/check-run.ts";
import type { GitHub } from "../../ports/github.ts";
import { explainCommands } from "./explain-commands.ts";
import type { GateCause, GatePullRequest } from "./job.ts";
import { type Command, parseCommand } from "./parse-command.ts";
import { isAtLeast } from "./rights.ts";

/** On which heads a job runs: those without their answer, those that an outage left undecided, or any. */
type RunWhen = "unanswered" | "outage" | "always";

/** What a job is told to do beyond looking at the pull request. */
export type GateOrder =
  /** The command was answered and there is nothing to run. */
  | { readonly kind: "done" }
  | {
      readonly kind: "run";
      readonly when: RunWhen;
      /** Somebody with write access asked, so that a fork's head may cost money. */
      readonly approved: boolean;
      /** The commit that was meant; on any other there is nothing to do. */
      readonly onlyHead: string | undefined;
    };

/** Reads what the job is asked to do, and whether the one who asks may ask. */
export async function obeyGateCommand(job: GatePullRequest, github: GitHub): Promise<GateOrder> {
  const { cause } = job;
  switch (cause.kind) {
    case "command":
      return await obey(cause, job.pullRequest, github);
    case "action":
      return cause.action === RERUN_ACTION ? await rerun(cause, github) : { kind: "done" };
    case "rerun":
      return await rerun(cause, github);
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

/** Tells whether a run on this head may come of this cause. */
export function mayRun(cause: GateCause, headSha: string): boolean {
  switch (cause.kind) {
    case "command":
      return isRun(parseCommand(cause.line));
    case "action":
      return cause.action === RERUN_ACTION && cause.headSha === headSha;
    case "rerun":
    case "outage":
      return cause.headSha === headSha;
    default:
      return true;
  }
}

function isRun({ kind }: Command): boolean {
  return kind === "run" || kind === "rerun";
}

async function obey(
  cause: Extract<GatePullRequest["cause"], { kind: "command" }>,
  pullRequest: number,
  github: GitHub,
): Promise<GateOrder> {
  const command = parseCommand(cause.line);
  if (isRun(command)) {
    if (!(await isAtLeast("write", cause.actor, github))) {
      await github.issues.react(cause.commentId, "-1");
      return { kind: "done" };
    }
    await github.issues.react(cause.commentId, "eyes");
    return { kind: "run", when: "always", approved: true, onlyHead: undefined };
  }
  await explainCommands(command, { number: pullRequest, commentId: cause.commentId }, github);
  return { kind: "done" };
}
