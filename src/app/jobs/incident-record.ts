import type { IncidentAnswer } from "../../core/report/incident-answer.ts";
import type { Issue } from "../../ports/issues.ts";
import type { ProposalResult } from "../../ports/proposals.ts";
import type { IncidentRecord } from "../../ports/records.ts";
import type { JobDeps } from "./deps.ts";

/** What an incident came to: what is said on the issue, and what became of its pull request where there is one. */
export interface IncidentOutcome {
  readonly answer: IncidentAnswer;
  readonly proposal?: ProposalResult;
}

/** Answers that rest on more than the incident's text: it is looked at again although the text is the same. */
const PASSING_STATES: readonly string[] = [
  "not_configured",
  "configuration_broken",
  "not_allowed",
  "failed",
] satisfies readonly IncidentAnswer["kind"][];

/** Digest of what people wrote, as hex: the same as long as nobody changed it. */
export function digestText(
  { title, body }: Pick<Issue, "title" | "body">,
  { digest }: Pick<JobDeps, "digest">,
): string {
  return digest(`${title}\n${body}`);
}

/** Tells whether the same text was answered before, and nothing that we said then can have changed. */
export function isSettled(known: IncidentRecord | undefined, bodyHash: string): boolean {
  return known?.bodyHash === bodyHash && !PASSING_STATES.includes(known.state);
}

/** What is known of an incident from now on; what an outcome does not tell stays as it was known. */
export function nextRecord(parts: {
  readonly repo: string;
  readonly issue: Issue;
  readonly bodyHash: string;
  readonly known: IncidentRecord | undefined;
  readonly outcome: IncidentOutcome;
  /** The job that this answers. */
  readonly jobId: string | undefined;
  readonly now: Date;
}): IncidentRecord {
  const { known, outcome } = parts;
  return {
    repo: parts.repo,
    issue: parts.issue.number,
    bodyHash: parts.bodyHash,
    state: outcome.answer.kind,
    lastWrittenSha: writtenBy(outcome.proposal) ?? known?.lastWrittenSha,
    jobId: parts.jobId,
    updatedAt: parts.now,
  };
}

/** The commit that we wrote; a tip that people wrote is none of ours. */
function writtenBy(result: ProposalResult | undefined): string | undefined {
  switch (result?.kind) {
    case "opened":
    case "updated":
    case "unchanged":
      return result.commit;
    default:
      return undefined;
  }
}
