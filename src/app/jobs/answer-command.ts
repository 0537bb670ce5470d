import { type Refusal, renderRefusal } from "../../core/report/refusal.ts";
import type { GitHub } from "../../ports/github.ts";
import { isAtLeast } from "./rights.ts";

const COMMENT_KIND = "command";

/** A command as somebody gave it. */
export interface Asked {
  /** The issue or pull request below which it stands. */
  readonly number: number;
  readonly commentId: number;
  readonly actor: string;
  readonly line: string;
}

/** Answers that a command is not followed: with a sign, and with the reason for those who work here. */
export async function refuseCommand(
  { number, commentId, actor, line }: Asked,
  refusal: Refusal,
  github: Pick<GitHub, "issues" | "people">,
): Promise<void> {
  // Otherwise anybody on the internet could have us write below every pull request.
  if (await isAtLeast("triage", actor, github))
    await github.issues.publishComment(number, COMMENT_KIND, renderRefusal(line, refusal));
  // The sign comes last: whoever sees it finds the reason below.
  await github.issues.react(commentId, refusal.kind === "not_allowed" ? "-1" : "confused");
}
