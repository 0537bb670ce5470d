import type { Checks } from "./checks.ts";
import type { Commits } from "./commits.ts";
import type { Issues } from "./issues.ts";
import type { OpenWork } from "./open-work.ts";
import type { People } from "./people.ts";
import type { Proposals } from "./proposals.ts";
import type { PullRequests } from "./pull-requests.ts";
import type { Releases } from "./releases.ts";
import type { Repository } from "./repository.ts";

/** One repository on GitHub, by the roles in which we meet it. */
export interface GitHub {
  readonly repository: Repository;
  readonly commits: Commits;
  readonly proposals: Proposals;
  readonly issues: Issues;
  readonly people: People;
  readonly pullRequests: PullRequests;
  readonly checks: Checks;
  readonly openWork: OpenWork;
  readonly releases: Releases;
}
