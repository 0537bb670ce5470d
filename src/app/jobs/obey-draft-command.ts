import { ROLES } from "../../core/config/party.ts";
import type { GitHub } from "../../ports/github.ts";
import { refuseCommand } from "./answer-command.ts";
import { decisionId, redactReason } from "./decide.ts";
import type { JobDeps } from "./deps.ts";
import { explainCommands } from "./explain-commands.ts";
import type { DraftFixtures } from "./job.ts";
import { obeyReleaseOverride } from "./obey-override.ts";
import type { Ruling } from "./overrule.ts";
import { type Command, parseCommand } from "./parse-command.ts";

/** What a job is told to do with an incident. */
export type DraftOrder =
  /** Draft where the incident has its label and a text that was not answered yet. */
  | { readonly kind: "look" }
  /** Somebody who may ask wants a draft, whatever was answered before, and may say what it weighs. */
  | { readonly kind: "draft"; readonly ruling?: Ruling }
  /** The command was answered and there is nothing to draft. */
  | { readonly kind: "done" };

type CommandJob = DraftFixtures & {
  readonly cause: Extract<DraftFixtures["cause"], { kind: "command" }>;
};

const DONE: DraftOrder = { kind: "done" };
const MAY_DRAFT = ROLES.indexOf("triage");

/** Reads what the job is asked to do, and answers a command on the spot that drafts nothing. */
export async function obeyDraftCommand(
  job: DraftFixtures,
  github: GitHub,
  deps: JobDeps,
): Promise<DraftOrder> {
  const { cause } = job;
  if (cause.kind !== "command") return { kind: "look" };
  const command = parseCommand(cause.line);
  const asked = { ...cause, number: job.issue };
  switch (command.kind) {
    case "draft":
    case "triage":
      return await obeyDraft(command, { ...job, cause }, github, deps);
    case "override_release":
      await obeyReleaseOverride(command, { ...job, number: job.issue, cause }, github, deps);
      return DONE;
    case "misused":
      await refuseCommand(asked, command, github);
      return DONE;
    default:
      await explainCommands(command, asked, github);
      return DONE;
  }
}

async function obeyDraft(
  command: Command,
  { owner, repo, issue, actor, cause }: CommandJob,
  github: GitHub,
  deps: JobDeps,
): Promise<DraftOrder> {
  const role = await github.people.fetchRole(actor);
  const mayAsk = ROLES.indexOf(role) >= MAY_DRAFT;
  await github.issues.react(cause.commentId, mayAsk ? "eyes" : "-1");
  if (!mayAsk) return DONE;
  if (command.kind !== "triage") return { kind: "draft" };
  const ruling: Ruling = {
    kind: "triage",
    id: decisionId(cause.commentId),
    repo: `${owner}/${repo}`,
    actor,
    as: role,
    reason: await redactReason(command.reason, deps),
    at: deps.now(),
    issue,
    level: command.level,
  };
  return { kind: "draft", ruling };
}
