import type { GitHub } from "../../ports/github.ts";
import { explainCommands } from "./explain-commands.ts";
import type { GatePullRequest } from "./job.ts";
import { parseCommand } from "./parse-command.ts";
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
  switch (job.cause.kind) {
    case "command":
      return await obey(job.cause, job.pullRequest, github);
    case "rerun":
    case "action":
      // GitHub offers the button to those with write access; we ask again, because it pays for a run.
      return {
        kind: "run",
        again: true,
        approved: await isAtLeast("write", job.cause.actor, github),
        onlyHead: job.cause.headSha,
      };
    case "outage":
      return { kind: "run", again: true, approved: true, onlyHead: job.cause.headSha };
    case "retargeted":
      return { kind: "run", again: true, approved: false, onlyHead: undefined };
    default:
      return { kind: "run", again: false, approved: false, onlyHead: undefined };
  }
}

async function obey(
  cause: Extract<GatePullRequest["cause"], { kind: "command" }>,
  pullRequest: number,
  github: GitHub,
): Promise<GateOrder> {
  const command = parseCommand(cause.line);
  if (command.kind === "run" || command.kind === "rerun") {
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
