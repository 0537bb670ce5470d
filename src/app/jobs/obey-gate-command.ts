import { RERUN_ACTION } from "../../core/report/check-run.ts";
import type { GitHub } from "../../ports/github.ts";
import { explainCommands } from "./explain-commands.ts";
import type { GateCause, GatePullRequest } from "./job.ts";
import { type Command, parseCommand } from "./parse-command.ts";
import { isAtLeast } from "./rights.ts";

/** What a job is told to do beyond looking at the pull request. */
export type GateOrder =
  /** The command was answered and there is nothing to run. */
  | { readonly kind: "done" }
  | {
      readonly kind: "run";
      /** Run even where this head has its answer already. */
      readonly again: boolean;
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
      return { kind: "run", again: true, approved: true, onlyHead: cause.headSha };
    case "retargeted":
      return { kind: "run", again: true, approved: false, onlyHead: undefined };
    default:
      return { kind: "run", again: false, approved: false, onlyHead: undefined };
  }
}

/** GitHub offers its buttons to those with write access; we ask again, because a fork's run costs money. */
async function rerun(
  { actor, headSha }: { readonly actor: string; readonly headSha: string },
  github: GitHub,
): Promise<GateOrder> {
  return { kind: "run", again: true, approved: await isAtLeast("write", actor, github), onlyHead: headSha };
}

/** Tells whether a run may come of this cause; a command that asks for something else never begins one. */
export function mayRun(cause: GateCause): boolean {
  return cause.kind !== "command" || isRun(parseCommand(cause.line));
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
    return { kind: "run", again: true, approved: true, onlyHead: undefined };
  }
  await explainCommands(command, { number: pullRequest, commentId: cause.commentId }, github);
  return { kind: "done" };
}
