import type { GitHub } from "../../src/ports/github.ts";
import { type EmulatedGitHub, OWNER, REPO, startEmulatedGitHub } from "./emulated-github.ts";
import { FakeGitHub } from "./fake-github.ts";
import { fakePeople, type GitHubPeople } from "./github-people.ts";
import { ROLES_OF_PEOPLE, TEAMS_OF_PEOPLE } from "./people.ts";

/** A GitHub with one empty repository, as our ports and as its people see it. */
export interface GitHubWorld {
  readonly github: GitHub;
  readonly people: GitHubPeople;
  close(): Promise<void>;
}

/** Every GitHub that the ports' contract is held on: the real adapter over HTTP, and what tests of jobs use. */
export const GITHUB_WORLDS: readonly { readonly name: string; open(): Promise<GitHubWorld> }[] = [
  { name: "an emulated GitHub", open: emulatedWorld },
  { name: "GitHub in memory", open: fakeWorld },
];

async function fakeWorld(): Promise<GitHubWorld> {
  const github = new FakeGitHub();
  for (const { login, role } of ROLES_OF_PEOPLE) github.roles.set(login, role);
  for (const { slug, logins } of TEAMS_OF_PEOPLE)
    for (const login of logins) github.memberships.set(`@${OWNER}/${slug} ${login}`, "member");
  return { github, people: fakePeople(github), close: async () => undefined };
}

async function emulatedWorld(): Promise<GitHubWorld> {
  const emulated = await startEmulatedGitHub();
  return { github: emulated.github, people: emulatedPeople(emulated), close: emulated.close };
}

const REVIEW_EVENTS = {
  approved: "APPROVE",
  changes_requested: "REQUEST_CHANGES",
  commented: "COMMENT",
} as const;

function emulatedPeople({ olga, wanda, commitAsPerson }: EmulatedGitHub): GitHubPeople {
  const place = { owner: OWNER, repo: REPO };
  const { git, issues, pulls, checks } = olga.rest;
  return {
    commit: commitAsPerson,
    async createBranch(name, sha) {
      await git.createRef({ ...place, ref: `refs/heads/${name}`, sha });
    },
    async fileIssue({ title, body, labels = [] }) {
      return (await issues.create({ ...place, title, body, labels: [...labels] })).data.number;
    },
    async comment(issue, body) {
      await issues.createComment({ ...place, issue_number: issue, body });
    },
    async readComments(issue) {
      const { data } = await issues.listComments({ ...place, issue_number: issue });
      return data.map((comment) => comment.body ?? "");
    },
    async openPullRequest(title, head, base) {
      return (await pulls.create({ ...place, title, head, base })).data.number;
    },
    async closePullRequest(number, how) {
      if (how === "merged") await pulls.merge({ ...place, pull_number: number, merge_method: "merge" });
      else await pulls.update({ ...place, pull_number: number, state: "closed" });
    },
    async review(number, commit, how) {
      const event = REVIEW_EVENTS[how];
      await wanda.rest.pulls.createReview({
        ...place,
        pull_number: number,
        commit_id: commit,
        event,
        body: how,
      });
    },
    async readPullRequest(number) {
      const { data } = await pulls.get({ ...place, pull_number: number });
      return { title: data.title, reviewers: (data.requested_reviewers ?? []).map(({ login }) => login) };
    },
    async readParents(sha) {
      return (await git.getCommit({ ...place, commit_sha: sha })).data.parents.map((parent) => parent.sha);
    },
    async postCheck(name, headSha) {
      return (await checks.create({ ...place, name, head_sha: headSha, external_id: "1" })).data.id;
    },
    async readCheck(id) {
      const { data } = await checks.get({ ...place, check_run_id: id });
      return {
        conclusion: data.conclusion,
        title: data.output.title,
        annotations: data.output.annotations_count,
      };
    },
  };
}
