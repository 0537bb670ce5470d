import type { Role } from "../../src/core/config/party.ts";
import type { Review } from "../../src/core/guard/review.ts";
import type { CheckRun } from "../../src/core/report/check-run.ts";
import type { Proposal } from "../../src/core/report/proposal.ts";
import type { Checks } from "../../src/ports/checks.ts";
import { ExternalFailure } from "../../src/ports/external-failure.ts";
import type { GitHub } from "../../src/ports/github.ts";
import type { Issue, Issues } from "../../src/ports/issues.ts";
import type { ListPage, OpenWork } from "../../src/ports/open-work.ts";
import type { Membership, People } from "../../src/ports/people.ts";
import type { ProposalResult, Proposals } from "../../src/ports/proposals.ts";
import type { PullRequest, PullRequests } from "../../src/ports/pull-requests.ts";
import type { Repository, Tip } from "../../src/ports/repository.ts";
import { FakeGit } from "./fake-git.ts";
import { fakeReleases } from "./fake-releases.ts";

const APP = "incident-to-eval[bot]";
/** Small, so that a few entries make several pages. */
const PAGE_SIZE = 2;
/** When issues and pull requests were updated, unless a test says something else. */
export const TOUCHED_AT = new Date("2026-11-21T09:59:00Z");
const HOME = "https://github.example/acme/support-agent";

/** A comment as it stands. */
export interface FakeComment {
  readonly id: number;
  readonly issue: number;
  readonly author: string;
  readonly body: string;
}

/** A check run as it stands; what other Apps post has no pointer of ours. */
export interface FakeCheck extends Omit<CheckRun, "name" | "externalId"> {
  readonly name: string;
  readonly externalId: string | undefined;
}

/** A pull request together with what a proposal brought to it. */
export interface FakePullRequest extends PullRequest {
  readonly title: string;
  readonly merged: boolean;
  readonly url: string;
  readonly body: string;
  readonly reviewers: readonly string[];
}

/** One repository on GitHub as plain data, which a test reads and changes as it likes. */
export class FakeGitHub implements GitHub {
  readonly git = new FakeGit();
  readonly roles = new Map<string, Role>();
  /** By team and login, such as `@acme/support wanda`; anybody else is in no team. */
  readonly memberships = new Map<string, Membership>();
  readonly issueList = new Map<number, Issue>();
  readonly pullRequestList = new Map<number, FakePullRequest>();
  /** Heads as the repository itself names them, where that is behind. */
  readonly headRefs = new Map<number, string>();
  /** What reviewers said, oldest first. */
  readonly reviewList: { readonly pullRequest: number; readonly review: Review }[] = [];
  readonly comments: FakeComment[] = [];
  readonly reactions: { readonly comment: number; readonly reaction: string }[] = [];
  readonly checkList = new Map<number, FakeCheck>();
  /** Who labelled an issue, newest last. */
  readonly labelled: { readonly issue: number; readonly label: string; readonly by: string }[] = [];
  /** How many requests looked for a file. */
  lookups = 0;
  readonly defaultBranch = "main";
  #number = 0;

  /** Takes the next number: issues, pull requests, comments and checks share one row here. */
  nextNumber(): number {
    this.#number += 1;
    return this.#number;
  }

  /** Lists what stands below an issue or a pull request. */
  commentsOn(issue: number): readonly string[] {
    return this.comments.filter((comment) => comment.issue === issue).map(({ body }) => body);
  }

  readonly repository: Repository = {
    fetchDefaultTip: async () => {
      const tip = this.#tipOf(this.defaultBranch);
      if (tip !== undefined) return tip;
      throw refused("the default branch has no commit; push a first one", 404);
    },
    fetchTip: async (branch) => this.#tipOf(branch),
    fetchTree: async (commit) => this.git.tree(commit) ?? notThere(`the commit ${commit}`),
    fetchTexts: async (entries) => this.git.texts(entries),
    fetchMergeBase: async (base, head) =>
      this.git.mergeBase(base, head) ?? notThere("a commit that both come from"),
  };

  readonly commits: GitHub["commits"] = {
    fetchCommit: async (name) => this.git.resolve(name),
  };

  readonly issues: Issues = {
    fetchIssue: async (number) => this.issueList.get(number),
    publishComment: async (number, kind, body) => {
      const text = `${markerOf(kind)}\n${body}`;
      const index = this.#ownComment(number, kind);
      const standing = this.comments[index];
      const id = standing?.id ?? this.nextNumber();
      const comment = { id, issue: number, author: APP, body: text };
      if (standing === undefined) this.comments.push(comment);
      else this.comments[index] = comment;
      return `${HOME}/issues/${number}#issuecomment-${id}`;
    },
    react: async (comment, reaction) => void this.reactions.push({ comment, reaction }),
  };

  readonly people: People = {
    fetchRole: async (login) => this.roles.get(login) ?? "none",
    fetchMembership: async ({ org, slug }, login) =>
      this.memberships.get(`@${org}/${slug} ${login}`) ?? "not_member",
  };

  readonly pullRequests: PullRequests = {
    fetchPullRequest: async (number) => portView(this.pullRequestList.get(number)),
    fetchHeadRef: async (number) => this.headRefs.get(number) ?? this.pullRequestList.get(number)?.head.sha,
    searchOpen: async (headSha) =>
      [...this.pullRequestList.values()]
        .filter(({ state, head }) => state === "open" && head.sha === headSha)
        .flatMap((pullRequest) => portView(pullRequest) ?? []),
    fetchReviews: async (number) =>
      this.reviewList.filter(({ pullRequest }) => pullRequest === number).map(({ review }) => review),
    searchOpenFrom: async (branchPrefix) =>
      [...this.pullRequestList.values()]
        .filter(({ state, head }) => state === "open" && head.branch.startsWith(branchPrefix))
        .flatMap((pullRequest) => portView(pullRequest) ?? [])
        .filter(({ fromFork }) => !fromFork),
  };

  readonly checks: Checks = {
    openCheck: async (check) => {
      const standing = [...this.checkList].find(
        ([, { name, headSha, externalId }]) =>
          name === check.name && headSha === check.headSha && externalId === check.externalId,
      );
      const id = standing?.[0] ?? this.nextNumber();
      this.checkList.set(id, check);
      return id;
    },
    updateCheck: async (id, check) => void this.checkList.set(id, check),
  };

  readonly openWork: OpenWork = {
    hasFile: async (path) => {
      this.lookups += 1;
      const tip = this.#tipOf(this.defaultBranch);
      return tip !== undefined && this.git.tree(tip.sha)?.entries.has(path) === true;
    },
    fetchPullRequests: async (page) => {
      const open = [...this.pullRequestList.values()].filter(({ state }) => state === "open");
      const items = open.map(({ number, head, draft, updatedAt }) => ({
        number,
        headSha: head.sha,
        draft,
        updatedAt,
      }));
      return pageOf(items, page);
    },
    fetchIssues: async (label, page) => {
      const open = [...this.issueList.values()].filter(
        ({ state, labels }) => state === "open" && labels.includes(label),
      );
      const items = open.map(({ number, title, body, author, updatedAt }) => ({
        number,
        title,
        body,
        author,
        updatedAt,
      }));
      return pageOf(items, page);
    },
    fetchLabeller: async (issue, label) =>
      this.labelled.findLast((one) => one.issue === issue && one.label === label)?.by,
  };

  readonly releases = fakeReleases();

  readonly proposals: Proposals = {
    openProposal: async (proposal, lastWritten) => this.#propose(proposal, lastWritten),
  };

  #propose(proposal: Proposal, lastWritten: string | undefined): ProposalResult {
    const standing = [...this.pullRequestList.values()].findLast(
      ({ head }) => head.branch === proposal.branch,
    );
    if (standing !== undefined && standing.state !== "open") {
      const kind = standing.merged ? "merged" : "rejected";
      return { kind, pullRequest: standing.number, url: standing.url };
    }
    const tip = this.git.branches.get(proposal.branch);
    if (tip !== undefined && tip !== lastWritten && this.git.find(tip)?.author !== APP) {
      const { number, url } = standing ?? {};
      return { kind: "edited_by_people", pullRequest: number, url, commit: tip };
    }
    const commit = this.#writeBranch(proposal, tip);
    const shown = this.#show(proposal, standing, commit);
    const isNew = standing === undefined;
    const isSame = tip === commit && standing?.title === shown.title && standing.body === shown.body;
    const kind = isNew ? "opened" : isSame ? "unchanged" : "updated";
    return { kind, pullRequest: shown.number, url: shown.url, commit };
  }

  /** Leaves a branch as it is that brings these files to the commit below it. */
  #writeBranch({ base, branch, files }: Proposal, tip: string | undefined): string {
    const changes = Object.fromEntries(files.map(({ path, content }) => [path, content]));
    for (const path of Object.keys(changes)) this.#refuseLinks(base.sha, path);
    const below = tip === undefined ? undefined : this.git.find(tip)?.parents[0];
    if (tip !== undefined && below !== undefined) {
      const wanted = this.git.write([below], changes, APP);
      if (sameFiles(this.git.find(wanted)?.files, this.git.find(tip)?.files)) return tip;
    }
    const commit = this.git.write([base.sha], changes, APP);
    this.git.branches.set(branch, commit);
    return commit;
  }

  #refuseLinks(base: string, path: string): void {
    for (const [place, file] of this.git.find(base)?.files ?? []) {
      if (typeof file !== "string" && file.mode === "120000" && path.startsWith(`${place}/`))
        throw refused(`expected a folder at ${place}, got a symbolic link`);
    }
  }

  #show(proposal: Proposal, standing: FakePullRequest | undefined, commit: string): FakePullRequest {
    const number = standing?.number ?? this.nextNumber();
    const known = proposal.reviewers.filter((reviewer) => this.roles.has(reviewer));
    const shown: FakePullRequest = {
      number,
      title: proposal.title,
      body: proposal.body,
      author: APP,
      state: "open",
      draft: false,
      merged: false,
      head: { sha: commit, branch: proposal.branch },
      base: proposal.base,
      fromFork: false,
      updatedAt: TOUCHED_AT,
      url: `${HOME}/pull/${number}`,
      reviewers: [...new Set([...(standing?.reviewers ?? []), ...known])],
    };
    this.pullRequestList.set(number, shown);
    return shown;
  }

  #tipOf(branch: string): Tip | undefined {
    const sha = this.git.branches.get(branch);
    return sha === undefined ? undefined : { branch, sha };
  }

  #ownComment(issue: number, kind: string): number {
    return this.comments.findIndex(
      (comment) =>
        comment.issue === issue && comment.author === APP && comment.body.startsWith(markerOf(kind)),
    );
  }
}

function pageOf<T extends { readonly updatedAt: Date }>(items: readonly T[], page: number): ListPage<T> {
  const newestFirst = [...items].sort((one, other) => other.updatedAt.getTime() - one.updatedAt.getTime());
  const start = (page - 1) * PAGE_SIZE;
  const end = start + PAGE_SIZE;
  return { items: newestFirst.slice(start, end), isLast: end >= newestFirst.length };
}

function portView(pullRequest: FakePullRequest | undefined): PullRequest | undefined {
  if (pullRequest === undefined) return undefined;
  const { number, author, state, draft, head, base, fromFork, updatedAt } = pullRequest;
  return { number, author, state, draft, head, base, fromFork, updatedAt };
}

function sameFiles(
  one: ReadonlyMap<string, unknown> | undefined,
  other: ReadonlyMap<string, unknown> | undefined,
): boolean {
  return one?.size === other?.size && [...(one ?? [])].every(([path, file]) => other?.get(path) === file);
}

function markerOf(kind: string): string {
  return `<!-- incident-to-eval:${kind} -->`;
}

function refused(message: string, status?: number): ExternalFailure {
  return new ExternalFailure(message, { system: "github", retryable: false, status });
}

function notThere(what: string): never {
  throw refused(`${what} is not there`, 404);
}
