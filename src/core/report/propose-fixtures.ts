import { FIXTURE_ID } from "../fixture/fixture.ts";
import type { ProposedFixtures } from "./incident-answer.ts";
import type { Proposal } from "./proposal.ts";
import { renderProposal } from "./proposal-body.ts";

const TITLE_LENGTH_MAX = 120;
const AGENT_NAME = /^[A-Za-z0-9_-]{1,64}$/;

/** What a pull request with fixtures is made of. */
export interface FixtureProposal {
  readonly proposed: ProposedFixtures;
  readonly files: Proposal["files"];
  readonly branch: string;
  readonly base: Proposal["base"];
  readonly reviewers: readonly string[];
}

/** Plans the pull request that proposes an incident's fixtures; title, commit message and branch hold no text of the issue. */
export function proposeFixtures({ proposed, files, branch, base, reviewers }: FixtureProposal): Proposal {
  return {
    branch,
    base,
    title: titleOf(proposed),
    body: renderProposal(proposed),
    commitMessage: commitMessageOf(proposed),
    files,
    reviewers,
  };
}

function titleOf({ issue, drafts }: ProposedFixtures): string {
  const fixtures = drafts.map(({ draft }) => draft.fixture);
  const types = [...new Set(fixtures.map((fixture) => fixture.failure_type ?? "unclassified"))];
  const agents = [...new Set(fixtures.map(({ agent }) => agent))].filter((agent) => AGENT_NAME.test(agent));
  const about = agents.length === 0 ? "" : ` (${agents.join(", ")})`;
  const title = `${fixtures.length === 1 ? "Eval" : "Evals"} for incident #${issue}: ${types.join(", ")}${about}`;
  return title.length <= TITLE_LENGTH_MAX ? title : `Evals for incident #${issue}`;
}

function commitMessageOf({ issue, drafts }: ProposedFixtures): string {
  const ids = drafts.map(({ draft }) => plainId(draft.fixture.id));
  const subject = `Add ${ids.length === 1 ? "the eval" : `${ids.length} evals`} for incident #${issue}`;
  return [subject, "", ...ids.map((id) => `- ${id}`), "", `Refs #${issue}`].join("\n");
}

function plainId(id: string): string {
  if (!FIXTURE_ID.test(id))
    throw new Error(`a drafted fixture's id must match ${FIXTURE_ID}, got ${JSON.stringify(id)}`);
  return id;
}
