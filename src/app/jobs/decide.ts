import type { Config } from "../../core/config/config.ts";
import type { GitHub } from "../../ports/github.ts";
import { readDefaultBranch } from "./default-branch.ts";
import type { JobDeps } from "./deps.ts";

/** Names what somebody decided in a comment: a comment decides once, however often we hear of it. */
export function decisionId(commentId: number): string {
  return `comment-${commentId}`;
}

/** Reads who may override, as the default branch says; undefined where no configuration of it could ever be used. */
export async function readOverrideRules(
  repo: string,
  { repository }: Pick<GitHub, "repository">,
  deps: Pick<JobDeps, "lastConfigs">,
): Promise<Config["override"] | undefined> {
  const { judging } = await readDefaultBranch(repository, repo, deps);
  return judging.kind === "parsed" ? judging.value.override : undefined;
}

/** Takes out of a reason what nobody may keep. */
export async function redactReason(reason: string, { redactor }: Pick<JobDeps, "redactor">): Promise<string> {
  const { texts } = await redactor.redact([reason], []);
  return texts[0] ?? "";
}
