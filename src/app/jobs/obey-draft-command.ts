import type { GitHub } from "../../ports/github.ts";
import { explainCommands } from "./explain-commands.ts";
import type { DraftFixtures } from "./job.ts";
import { parseCommand } from "./parse-command.ts";
import { isAtLeast } from "./rights.ts";

/** What a job is told to do with an incident. */
export type DraftOrder =
  /** Draft where the incident has its label and a text that was not answered yet. */
  | { readonly kind: "look" }
  /** Somebody who may ask wants a draft, whatever was answered before. */
  | { readonly kind: "draft" }
  /** The command was answered and there is nothing to draft. */
  | { readonly kind: "done" };

/** Reads what the job is asked to do, and answers a command on the spot that drafts nothing. */
export async function obeyDraftCommand(
  { cause, issue, actor }: DraftFixtures,
  github: Pick<GitHub, "issues" | "people">,
): Promise<DraftOrder> {
  if (cause.kind !== "command") return { kind: "look" };
  const command = parseCommand(cause.line);
  if (command.kind !== "draft") {
    await explainCommands(command, { number: issue, commentId: cause.commentId }, github);
    return { kind: "done" };
  }
  const mayAsk = await isAtLeast("triage", actor, github);
  await github.issues.react(cause.commentId, mayAsk ? "eyes" : "-1");
  return { kind: mayAsk ? "draft" : "done" };
}
