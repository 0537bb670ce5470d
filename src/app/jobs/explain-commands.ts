import { renderHelp } from "../../core/report/render-comment.ts";
import type { GitHub } from "../../ports/github.ts";
import type { Command } from "./parse-command.ts";

const COMMENT_KIND = "help";

/** Answers a command that asks for nothing to be run: with the list of those that do. */
export async function explainCommands(
  command: Command,
  at: { readonly number: number; readonly commentId: number },
  { issues }: Pick<GitHub, "issues">,
): Promise<void> {
  await issues.react(at.commentId, command.kind === "help" ? "+1" : "confused");
  await issues.publishComment(at.number, COMMENT_KIND, renderHelp());
}
