import { listParties } from "../../core/config/party.ts";
import { OVERRIDE_ACTION, QUARANTINE_ACTION } from "../../core/report/check-run.ts";
import { renderOverrideAdvice, renderQuarantineAdvice } from "../../core/report/render-button.ts";
import type { GitHub } from "../../ports/github.ts";
import { readOverrideRules } from "./decide.ts";
import type { JobDeps } from "./deps.ts";
import type { GatePullRequest } from "./job.ts";
import { QUARANTINE_DAYS, QUARANTINE_DAYS_MAX } from "./parse-command.ts";
import { isAtLeast } from "./rights.ts";

const COMMENT_KIND = "command";

type ActionCause = Extract<GatePullRequest["cause"], { kind: "action" }>;

/** Says how that is asked for which a button cannot do: it carries no reason. */
export async function explainButton(
  { cause, pullRequest, owner, repo }: GatePullRequest & { readonly cause: ActionCause },
  github: GitHub,
  deps: JobDeps,
): Promise<void> {
  // GitHub shows its buttons to those with write access; that it holds others off is not written anywhere.
  if (!(await isAtLeast("triage", cause.actor, github))) return;
  switch (cause.action) {
    case OVERRIDE_ACTION: {
      const rules = await readOverrideRules(`${owner}/${repo}`, github, deps);
      const allowed = rules === undefined ? [] : listParties(rules.blocking);
      return void (await say(renderOverrideAdvice(cause.headSha, allowed)));
    }
    case QUARANTINE_ACTION:
      return void (await say(renderQuarantineAdvice(QUARANTINE_DAYS, QUARANTINE_DAYS_MAX)));
    default:
      return;
  }

  function say(text: string): Promise<string> {
    return github.issues.publishComment(pullRequest, COMMENT_KIND, text);
  }
}
