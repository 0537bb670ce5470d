import { writeFixture } from "../../core/fixture/write-fixture.ts";
import { assertNever } from "../../core/problem.ts";
import type { IncidentAnswer, ProposedFixtures } from "../../core/report/incident-answer.ts";
import { proposeFixtures } from "../../core/report/propose-fixtures.ts";
import type { GitHub } from "../../ports/github.ts";
import type { ProposalResult } from "../../ports/proposals.ts";
import type { IncidentRecord } from "../../ports/records.ts";
import type { Tip } from "../../ports/repository.ts";
import type { IncidentOutcome } from "./incident-record.ts";

/** A person or a team that GitHub can ask for a review. */
const REVIEWER = /^@([A-Za-z0-9-]{1,39}(?:\/[A-Za-z0-9_.-]{1,100})?)$/;

/** Every incident's branch begins with this; the number of the issue follows. */
export const DRAFT_BRANCH_PREFIX = "incident-to-eval/issue-";

/** Brings the incident's pull request to these drafts, unless people have decided about it. */
export async function proposeDrafts(
  proposed: ProposedFixtures,
  base: Tip,
  known: IncidentRecord | undefined,
  { proposals }: Pick<GitHub, "proposals">,
): Promise<IncidentOutcome> {
  const branch = `${DRAFT_BRANCH_PREFIX}${proposed.issue}`;
  const files = proposed.drafts.map(({ path, draft }) => ({ path, content: writeFixture(draft.fixture) }));
  const reviewers = reviewersOf(proposed.drafts.map(({ draft }) => draft.fixture.owner));
  const proposal = proposeFixtures({ proposed, files, branch, base, reviewers });
  const result = await proposals.openProposal(proposal, known?.lastWrittenSha);
  return { answer: answerOf(result, proposed), proposal: result };
}

function reviewersOf(owners: readonly (string | undefined)[]): readonly string[] {
  const named = owners.flatMap((owner) => REVIEWER.exec(owner ?? "")?.[1] ?? []);
  return [...new Set(named)];
}

function answerOf(result: ProposalResult, proposed: ProposedFixtures): IncidentAnswer {
  switch (result.kind) {
    case "opened":
    case "updated":
    case "unchanged":
      return { kind: "proposed", proposed, pullRequest: result.pullRequest, url: result.url };
    case "edited_by_people":
    case "rejected":
    case "merged":
      return { kind: "left_alone", because: result.kind, pullRequest: result.pullRequest, url: result.url };
    default:
      return assertNever(result);
  }
}
