import type { FileChanges } from "./fake-git.ts";
import { type FakeGitHub, TOUCHED_AT } from "./fake-github.ts";

/** An issue as a person files it. */
export interface FiledIssue {
  readonly title: string;
  readonly body: string;
  readonly labels?: readonly string[];
  readonly author?: string;
}

/** What people do on GitHub, and what they see there. */
export interface GitHubPeople {
  /** Commits ordinary files to a branch, or links where that is asked for, and answers the commit. */
  commit(
    branch: string,
    files: Readonly<Record<string, string>>,
    mode?: "100644" | "120000",
  ): Promise<string>;
  /** Creates a branch. */
  createBranch(name: string, sha: string): Promise<void>;
  /** Files an issue and answers its number. */
  fileIssue(issue: FiledIssue): Promise<number>;
  /** Comments on an issue. */
  comment(issue: number, body: string): Promise<void>;
  /** Reads all comments on an issue, oldest first. */
  readComments(issue: number): Promise<readonly string[]>;
  /** Opens a pull request and answers its number. */
  openPullRequest(title: string, head: string, base: string): Promise<number>;
  /** Closes a pull request, by merging it or without. */
  closePullRequest(number: number, how: "merged" | "rejected"): Promise<void>;
  /** Wanda reviews a commit of a pull request. */
  review(number: number, commit: string, how: "approved" | "changes_requested" | "commented"): Promise<void>;
  /** Looks at a pull request. */
  readPullRequest(number: number): Promise<{ readonly title: string; readonly reviewers: readonly string[] }>;
  /** Reads the parents of a commit. */
  readParents(sha: string): Promise<readonly string[]>;
  /** Posts a check run that is not ours. */
  postCheck(name: string, headSha: string): Promise<number>;
  /** Looks at a check run. */
  readCheck(id: number): Promise<{
    readonly conclusion: string | null;
    readonly title: string | null;
    readonly annotations: number;
  }>;
}

/** The people of a repository in memory; Olga does what nobody else is named for. */
export function fakePeople(gitHub: FakeGitHub): GitHubPeople {
  const { git } = gitHub;
  return {
    async commit(branch, files, mode = "100644") {
      const changes: FileChanges =
        mode === "100644"
          ? files
          : Object.fromEntries(Object.entries(files).map(([path, content]) => [path, { mode, content }]));
      const sha = git.commit(branch, changes, "olga");
      for (const [number, pullRequest] of gitHub.pullRequestList) {
        const { state, head } = pullRequest;
        if (state === "open" && head.branch === branch)
          gitHub.pullRequestList.set(number, { ...pullRequest, head: { ...head, sha } });
      }
      return sha;
    },
    async createBranch(name, sha) {
      git.branches.set(name, sha);
    },
    async fileIssue({ title, body, labels = [], author = "olga" }) {
      const number = gitHub.nextNumber();
      const url = `https://github.example/acme/support-agent/issues/${number}`;
      const issue = { number, title, body, author, labels, url, updatedAt: TOUCHED_AT };
      gitHub.issueList.set(number, { ...issue, state: "open" });
      return number;
    },
    async comment(issue, body) {
      gitHub.comments.push({ id: gitHub.nextNumber(), issue, author: "olga", body });
    },
    readComments: async (issue) => gitHub.commentsOn(issue),
    async openPullRequest(title, head, base) {
      const number = gitHub.nextNumber();
      gitHub.pullRequestList.set(number, {
        number,
        title,
        author: "olga",
        state: "open",
        draft: false,
        merged: false,
        head: { sha: git.branches.get(head) ?? "", branch: head },
        base: { sha: git.branches.get(base) ?? "", branch: base },
        fromFork: false,
        updatedAt: TOUCHED_AT,
        url: `https://github.example/acme/support-agent/pull/${number}`,
        body: "",
        reviewers: [],
      });
      return number;
    },
    async closePullRequest(number, how) {
      const pullRequest = standing(gitHub, number);
      const merged = how === "merged";
      if (merged) git.merge(pullRequest.base.branch, pullRequest.head.sha, "olga");
      gitHub.pullRequestList.set(number, { ...pullRequest, state: "closed", merged });
    },
    async review(pullRequest, commit, state) {
      const review = { id: gitHub.nextNumber(), author: "wanda", state, commit, at: TOUCHED_AT };
      gitHub.reviewList.push({ pullRequest, review });
    },
    readPullRequest: async (number) => standing(gitHub, number),
    readParents: async (sha) => git.find(sha)?.parents ?? [],
    async postCheck(name, headSha) {
      const id = gitHub.nextNumber();
      gitHub.checkList.set(id, {
        name,
        headSha,
        externalId: undefined,
        state: { kind: "in_progress" },
        title: name,
        summary: "",
        annotations: [],
      });
      return id;
    },
    async readCheck(id) {
      const check = gitHub.checkList.get(id);
      return {
        conclusion: check?.state.kind === "completed" ? check.state.conclusion : null,
        title: check?.title ?? null,
        annotations: check?.annotations.length ?? 0,
      };
    },
  };
}

function standing(gitHub: FakeGitHub, number: number) {
  const found = gitHub.pullRequestList.get(number);
  if (found === undefined) throw new Error(`there is no pull request ${number}`);
  return found;
}
