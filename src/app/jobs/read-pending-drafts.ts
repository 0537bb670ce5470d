import type { FixtureFile } from "../../core/fixture/fixture.ts";
import { parsePostmortem } from "../../core/incident/parse-postmortem.ts";
import type { GitHub } from "../../ports/github.ts";
import type { WrittenIncident } from "./draft-incident.ts";
import { DRAFT_BRANCH_PREFIX } from "./propose-drafts.ts";
import { readFixturesAt } from "./read-commit.ts";

/** More open drafts than these are not looked through: what they have in common shows when they are merged. */
const PENDING_MAX = 50;

/** Reads the fixtures of this incident that wait in the open pull requests of other issues, so that it is not drafted twice. */
export async function readPendingDrafts(
  issue: WrittenIncident,
  { pullRequests, repository }: Pick<GitHub, "pullRequests" | "repository">,
): Promise<readonly FixtureFile[]> {
  const { incident } = parsePostmortem(issue).postmortem;
  if (incident === undefined) return [];
  const open = await pullRequests.searchOpenFrom(DRAFT_BRANCH_PREFIX);
  const others = open.filter(({ head }) => head.branch !== `${DRAFT_BRANCH_PREFIX}${issue.number}`);
  const pending: FixtureFile[] = [];
  for (const { head } of others.slice(0, PENDING_MAX)) {
    pending.push(...(await readFixturesAt(repository, await repository.fetchTree(head.sha))).files);
  }
  return pending.filter(({ fixture }) => fixture.incident === incident);
}
