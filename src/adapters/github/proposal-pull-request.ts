import { createHash } from "node:crypto";
import type { Proposal } from "../../core/report/proposal.ts";
import { isRefusal, writeGitHub } from "./call-github.ts";
import type { RepositoryAccess } from "./client.ts";
import { collectPages, PER_PAGE } from "./collect-pages.ts";
import { cutText } from "./cut-text.ts";

/** GitHub refuses more than 65,536 characters; the rest is for the mark below the body. */
const BODY_BYTES_MAX = 65_000;
const TITLE_BYTES_MAX = 255;
/** GitHub asks at most fifteen. */
const REVIEWERS_MAX = 15;

/** A pull request, as far as a proposal looks at it. */
export interface StandingPullRequest {
  readonly number: number;
  readonly html_url: string;
  readonly state: string;
  readonly body: string | null;
  readonly merged_at?: string | null;
  readonly user: { readonly login: string } | null;
  readonly head: { readonly ref: string; readonly repo: { readonly full_name: string } | null };
  readonly requested_reviewers?: readonly { readonly login: string }[] | null;
  readonly requested_teams?: readonly { readonly slug: string }[] | null;
}

/** Finds the pull request of a branch of ours: the open one, else the one that was closed last. */
export async function findPullRequest(
  access: RepositoryAccess,
  branch: string,
): Promise<StandingPullRequest | undefined> {
  const { client, owner, repo } = access;
  const listed = await collectPages(
    `look for the pull request of ${branch}`,
    (page) =>
      client.rest.pulls.list({
        owner,
        repo,
        head: `${owner}:${branch}`,
        state: "all",
        sort: "created",
        direction: "desc",
        per_page: PER_PAGE,
        page,
      }),
    (page): readonly StandingPullRequest[] => page,
  );
  // The filter also finds the same branch of a fork of the same owner.
  const here = `${owner}/${repo}`.toLowerCase();
  const ours = listed.filter(
    (found) => found.head.ref === branch && found.head.repo?.full_name.toLowerCase() === here,
  );
  return ours.find((found) => found.state === "open") ?? ours[0];
}

/** Opens the pull request, or brings title and body to the proposal where the proposal says something new. */
export async function showPullRequest(
  access: RepositoryAccess,
  proposal: Proposal,
  standing: StandingPullRequest | undefined,
): Promise<{ readonly kind: "opened" | "updated" | "unchanged"; readonly pullRequest: StandingPullRequest }> {
  if (standing === undefined) return openPullRequest(access, proposal);
  const { client, owner, repo } = access;
  // What a person changed in title or body, such as a ticked box, stays until we have something new to say.
  if (standing.body?.includes(markOf(proposal))) return { kind: "unchanged", pullRequest: standing };
  await writeGitHub(`update the pull request ${standing.number}`, () =>
    client.rest.pulls.update({
      owner,
      repo,
      pull_number: standing.number,
      base: proposal.base.branch,
      ...wordsOf(proposal),
    }),
  );
  return { kind: "updated", pullRequest: standing };
}

/** Asks for reviews; whom GitHub does not let us ask is left out, and the log says so. */
export async function requestReviews(
  access: RepositoryAccess,
  pullRequest: StandingPullRequest,
  reviewers: readonly string[],
): Promise<void> {
  const asked = new Set([
    ...(pullRequest.requested_reviewers ?? []).map(({ login }) => login.toLowerCase()),
    ...(pullRequest.requested_teams ?? []).map(({ slug }) => slug.toLowerCase()),
    pullRequest.user?.login.toLowerCase(),
  ]);
  const missing = reviewers.filter((reviewer) => !asked.has(nameOf(reviewer).toLowerCase()));
  // One by one, since GitHub refuses all of a request for the sake of one.
  for (const reviewer of missing.slice(0, REVIEWERS_MAX))
    await requestReview(access, pullRequest.number, reviewer);
}

async function openPullRequest(access: RepositoryAccess, proposal: Proposal) {
  const { client, owner, repo } = access;
  try {
    const created = await writeGitHub(`open the pull request of ${proposal.branch}`, () =>
      client.rest.pulls.create({
        owner,
        repo,
        head: proposal.branch,
        base: proposal.base.branch,
        ...wordsOf(proposal),
      }),
    );
    return { kind: "opened" as const, pullRequest: created };
  } catch (failure) {
    // GitHub's lists lag behind what was just created.
    const standing = isRefusal(failure, [422]) ? await findPullRequest(access, proposal.branch) : undefined;
    if (standing?.state !== "open") throw failure;
    return { kind: "opened" as const, pullRequest: standing };
  }
}

async function requestReview(access: RepositoryAccess, number: number, reviewer: string): Promise<void> {
  const { client, owner, repo, log } = access;
  const isTeam = reviewer.includes("/");
  try {
    await writeGitHub(`ask ${reviewer} to review ${number}`, () =>
      client.rest.pulls.requestReviewers({
        owner,
        repo,
        pull_number: number,
        ...(isTeam ? { team_reviewers: [nameOf(reviewer)] } : { reviewers: [reviewer] }),
      }),
    );
  } catch (failure) {
    if (!isRefusal(failure, [403, 404, 422])) throw failure;
    log.warn(`${failure.message}; the pull request stands without this reviewer`);
  }
}

function nameOf(reviewer: string): string {
  return reviewer.slice(reviewer.lastIndexOf("/") + 1);
}

function wordsOf(proposal: Proposal): { readonly title: string; readonly body: string } {
  return {
    title: cutText(proposal.title, TITLE_BYTES_MAX, "…"),
    body: `${cutText(proposal.body.trimEnd(), BODY_BYTES_MAX)}\n\n${markOf(proposal)}\n`,
  };
}

/** A digest of what we have to say, kept in the body, tells whether we have something new to say. */
function markOf({ title, body, base }: Proposal): string {
  const digest = createHash("sha256").update([title, body, base.branch].join("\0")).digest("hex");
  return `<!-- incident-to-eval:proposal ${digest.slice(0, 16)} -->`;
}
