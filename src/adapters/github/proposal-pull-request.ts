import { createHash } from "node:crypto";
import type { Proposal } from "../../core/report/proposal.ts";
import { ExternalFailure } from "../../ports/external-failure.ts";
import { findOnGitHub, isRefusal, writeGitHub } from "./call-github.ts";
import type { RepositoryAccess } from "./client.ts";
import { collectPages, PER_PAGE } from "./collect-pages.ts";
import { createOnce, creationKey, findCreated } from "./create-once.ts";
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

/** A pull request that says what is proposed. */
interface ShownPullRequest {
  readonly kind: "opened" | "updated" | "unchanged";
  readonly pullRequest: StandingPullRequest;
}

/** Finds the pull request of a branch of ours: the open one, else the one that was closed last. */
export async function findPullRequest(
  access: RepositoryAccess,
  branch: string,
): Promise<StandingPullRequest | undefined> {
  const created = await findCreated(access, pullRequestOf(access, branch));
  if (created === undefined || created.state === "open") return created;
  // People can have opened another one from it since.
  return (await listedPullRequest(access, branch)) ?? created;
}

/** The pull request that we opened from a branch, as it stands. */
function pullRequestOf(access: RepositoryAccess, branch: string) {
  const { client, owner, repo } = access;
  return {
    key: `pull request ${branch}`,
    called: `the pull request of ${branch}`,
    async take(number: string): Promise<StandingPullRequest | undefined> {
      const found = await findOnGitHub(`read the pull request ${number}`, () =>
        client.rest.pulls.get({ owner, repo, pull_number: Number(number) }),
      );
      // Another repository may have come to the name of one that is gone.
      return found !== undefined && isFrom(found, access, branch) ? found : undefined;
    },
    async find() {
      const listed = await listedPullRequest(access, branch);
      return listed === undefined ? undefined : { id: String(listed.number), value: listed };
    },
  };
}

async function listedPullRequest(
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
  const ours = listed.filter((found) => isFrom(found, access, branch));
  return ours.find((found) => found.state === "open") ?? ours[0];
}

/** GitHub's filter also finds the same branch of a fork of the same owner. */
function isFrom({ head }: StandingPullRequest, { owner, repo }: RepositoryAccess, branch: string): boolean {
  return head.ref === branch && head.repo?.full_name.toLowerCase() === `${owner}/${repo}`.toLowerCase();
}

/** Opens the pull request, or brings title and body to the proposal where the proposal says something new. */
export async function showPullRequest(
  access: RepositoryAccess,
  proposal: Proposal,
  standing: StandingPullRequest | undefined,
): Promise<ShownPullRequest> {
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

/**
 * Asks for reviews of a commit, once, so that a reviewer whom people took off is not asked again.
 *
 * GitHub asks nobody twice who is asked already, so an attempt that was cut off is repeated without more ado.
 * Whom GitHub does not let us ask is left out, and the log says so.
 */
export async function requestReviews(
  access: RepositoryAccess,
  pullRequest: StandingPullRequest,
  { branch, reviewers }: Proposal,
  commit: string,
): Promise<void> {
  if (reviewers.length === 0) return;
  const key = creationKey(access, `reviews of ${branch} at ${commit}`);
  if ((await access.creations.fetchCreation(key)) !== undefined) return;
  await askReviewers(access, pullRequest, reviewers);
  await access.creations.noteCreated(key, String(pullRequest.number));
}

async function askReviewers(
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

async function openPullRequest(access: RepositoryAccess, proposal: Proposal): Promise<ShownPullRequest> {
  const { client, owner, repo } = access;
  const { isNew, value: standing } = await createOnce<StandingPullRequest>(access, {
    ...pullRequestOf(access, proposal.branch),
    async create() {
      const created = await writeGitHub(`open the pull request of ${proposal.branch}`, () =>
        client.rest.pulls.create({
          owner,
          repo,
          head: proposal.branch,
          base: proposal.base.branch,
          ...wordsOf(proposal),
        }),
      );
      return { id: created.number, value: created };
    },
  });
  if (isNew) return { kind: "opened", pullRequest: standing };
  if (standing.state === "open") return await showPullRequest(access, proposal, standing);
  throw new ExternalFailure(
    `We could not open the pull request of ${proposal.branch}: ${standing.number} was closed meanwhile; it is read again`,
    { system: "github", retryable: true },
  );
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
