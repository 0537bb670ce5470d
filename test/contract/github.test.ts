import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Role } from "../../src/core/config/party.ts";
import type { GitHub } from "../../src/ports/github.ts";
import type { Issues } from "../../src/ports/issues.ts";
import type { Membership } from "../../src/ports/people.ts";
import { FILES } from "../build/emulated-github.ts";
import type { GitHubPeople } from "../build/github-people.ts";
import { GITHUB_WORLDS, type GitHubWorld } from "../build/github-worlds.ts";
import { aCheckRun, anAnnotation, aProposal } from "../build/proposals.ts";

describe.each(GITHUB_WORLDS)("on $name", ({ open }) => {
  let world: GitHubWorld;
  let github: GitHub;
  let people: GitHubPeople;

  const fileIssue = (title: string) => people.fileIssue({ title, body: "It refunded." });

  beforeAll(async () => {
    world = await open();
    ({ github, people } = world);
    await expect(github.repository.fetchDefaultTip()).rejects.toThrow("has no commit; push a first one");
    await people.commit("main", FILES);
  });
  afterAll(() => world.close());

  describe("the repository", () => {
    test("names the default branch and its tip", async () => {
      const tip = await github.repository.fetchDefaultTip();
      expect(tip.branch).toBe("main");
      expect(await github.repository.fetchTip("main")).toEqual(tip);
    });

    test("a branch that is not there is undefined, with a slash in its name too", async () => {
      expect(await github.repository.fetchTip("feature/none")).toBeUndefined();
    });

    test("lists the files of a commit and reads them by blob id", async () => {
      const { repository } = github;
      const tree = await repository.fetchTree((await repository.fetchDefaultTip()).sha);
      expect([...tree.entries.keys()].sort()).toEqual(Object.keys(FILES).sort());
      const texts = await repository.fetchTexts([...tree.entries.values()]);
      const byPath = [...tree.entries.values()].map((entry) => [entry.path, texts.get(entry.sha)]);
      expect(Object.fromEntries(byPath)).toEqual(FILES);
      expect(tree.truncated).toBe(false);
    });

    test("finds where two branches parted", async () => {
      const { repository } = github;
      const main = await repository.fetchDefaultTip();
      await people.createBranch("parted", main.sha);
      const head = await people.commit("parted", { "agent/new.md": "new\n" });
      expect(await repository.fetchMergeBase(main.sha, head)).toBe(main.sha);
    });

    test("a commit that GitHub does not know is a failure for good", async () => {
      await expect(github.repository.fetchTree("0".repeat(40))).rejects.toMatchObject({
        system: "github",
        retryable: false,
        status: 404,
      });
    });
  });

  describe("proposals", () => {
    async function proposal(branch: string, change: Parameters<typeof aProposal>[1] = {}) {
      return aProposal(await github.repository.fetchDefaultTip(), { branch, ...change });
    }

    test("the same proposal twice is one pull request with one commit", async () => {
      const { proposals, repository } = github;
      const proposed = await proposal("incident-to-eval/issue-100");
      const opened = await proposals.openProposal(proposed, undefined);
      const again = await proposals.openProposal(proposed, undefined);
      expect(opened.kind).toBe("opened");
      expect(again).toEqual({ ...opened, kind: "unchanged" });
      const tip = await repository.fetchTip(proposed.branch);
      expect(await people.readParents(tip?.sha ?? "")).toEqual([proposed.base.sha]);
    });

    test("another content moves the branch, another text the pull request, and both are updates", async () => {
      const { proposals, repository } = github;
      const proposed = await proposal("incident-to-eval/issue-101");
      const opened = await proposals.openProposal(proposed, undefined);
      const files = [{ path: "evals/incidents/issue-101/other.yml", content: "id: other\n" }];
      expect(await proposals.openProposal({ ...proposed, files }, undefined)).toMatchObject({
        kind: "updated",
      });
      const retold = { ...proposed, files, title: "Another title" };
      expect(await proposals.openProposal(retold, undefined)).toMatchObject({ kind: "updated" });
      const tip = await repository.fetchTip(proposed.branch);
      const tree = await repository.fetchTree(tip?.sha ?? "");
      expect([...tree.entries.keys()].filter((path) => path.startsWith("evals/incidents/"))).toEqual([
        files[0]?.path,
      ]);
      const number = opened.kind === "opened" ? opened.pullRequest : 0;
      expect((await people.readPullRequest(number)).title).toBe("Another title");
    });

    test("a base that moves on does not rewrite a branch that says the same", async () => {
      const { proposals } = github;
      const proposed = await proposal("incident-to-eval/issue-102");
      const opened = await proposals.openProposal(proposed, undefined);
      await people.commit("main", { "agent/moves-on.md": "on\n" });
      const later = await proposal("incident-to-eval/issue-102");
      expect(later.base.sha).not.toBe(proposed.base.sha);
      expect(await proposals.openProposal(later, undefined)).toEqual({ ...opened, kind: "unchanged" });
    });

    test("what a person wrote on the branch is left alone", async () => {
      const { proposals, repository } = github;
      const proposed = await proposal("incident-to-eval/issue-103");
      const opened = await proposals.openProposal(proposed, undefined);
      const theirs = await people.commit(proposed.branch, { "evals/mine.yml": "id: mine\n" });
      const changed = { ...proposed, files: [{ path: "evals/x.yml", content: "id: x\n" }] };
      expect(await proposals.openProposal(changed, undefined)).toMatchObject({
        kind: "edited_by_people",
        commit: theirs,
        pullRequest: opened.kind === "opened" ? opened.pullRequest : undefined,
      });
      expect((await repository.fetchTip(proposed.branch))?.sha).toBe(theirs);
    });

    test("a branch of a person with our name is theirs, even without a pull request", async () => {
      const main = await github.repository.fetchDefaultTip();
      const branch = "incident-to-eval/issue-104";
      await people.createBranch(branch, main.sha);
      const answer = await github.proposals.openProposal(await proposal(branch), undefined);
      expect(answer).toEqual({
        kind: "edited_by_people",
        pullRequest: undefined,
        url: undefined,
        commit: main.sha,
      });
    });

    test("closed without merging is rejected, merged is merged", async () => {
      const { proposals } = github;
      for (const [branch, kind] of [
        ["incident-to-eval/issue-105", "rejected"],
        ["incident-to-eval/issue-106", "merged"],
      ] as const) {
        const proposed = await proposal(branch);
        const opened = await proposals.openProposal(proposed, undefined);
        const number = opened.kind === "opened" ? opened.pullRequest : 0;
        await people.closePullRequest(number, kind);
        expect(await proposals.openProposal(proposed, undefined)).toMatchObject({
          kind,
          pullRequest: number,
        });
      }
    });

    test("reviewers who can be asked are asked, and one who cannot does not stop it", async () => {
      const proposed = await proposal("incident-to-eval/issue-107", {
        reviewers: ["nobody-here", "acme/none", "wanda"],
      });
      const opened = await github.proposals.openProposal(proposed, undefined);
      const number = opened.kind === "opened" ? opened.pullRequest : 0;
      expect((await people.readPullRequest(number)).reviewers).toEqual(["wanda"]);
    });

    test("a folder that is a link in the base is never written through", async () => {
      await people.createBranch("linked", (await github.repository.fetchDefaultTip()).sha);
      const sha = await people.commit("linked", { "evals/incidents-link": "/etc" }, "120000");
      const files = [{ path: "evals/incidents-link/x.yml", content: "id: x\n" }];
      const proposed = aProposal({ branch: "linked", sha }, { branch: "incident-to-eval/issue-108", files });
      await expect(github.proposals.openProposal(proposed, undefined)).rejects.toThrow(
        "expected a folder at evals/incidents-link, got a symbolic link",
      );
      expect(await github.repository.fetchTip(proposed.branch)).toBeUndefined();
    });
  });

  describe("issues", () => {
    test("reads an issue, and neither a missing one nor a pull request", async () => {
      const number = await fileIssue("It refunded without approval");
      expect(await github.issues.fetchIssue(number)).toMatchObject({
        number,
        title: "It refunded without approval",
        body: "It refunded.",
        author: "olga",
        state: "open",
        labels: [],
      });
      expect(await github.issues.fetchIssue(9_999)).toBeUndefined();
      const main = await github.repository.fetchDefaultTip();
      const opened = await github.proposals.openProposal(
        aProposal(main, { branch: "incident-to-eval/issue-200" }),
        undefined,
      );
      expect(
        await github.issues.fetchIssue(opened.kind === "opened" ? opened.pullRequest : 0),
      ).toBeUndefined();
    });

    test.each<{ login: string; role: Role }>([
      { login: "olga", role: "admin" },
      { login: "max", role: "maintain" },
      { login: "wanda", role: "write" },
      { login: "tom", role: "triage" },
      { login: "rita", role: "read" },
      { login: "otto", role: "none" },
      { login: "nobody-here", role: "none" },
    ])("$login has the role $role", async ({ login, role }) => {
      expect(await github.people.fetchRole(login)).toBe(role);
    });

    test.each<{ login: string; slug: string; membership: Membership }>([
      { login: "max", slug: "release-authority", membership: "member" },
      { login: "olga", slug: "release-authority", membership: "not_member" },
      { login: "otto", slug: "release-authority", membership: "not_member" },
      { login: "max", slug: "no-such-team", membership: "not_member" },
    ])("$login in the team $slug: $membership", async ({ login, slug, membership }) => {
      expect(await github.people.fetchMembership({ org: "acme", slug }, login)).toBe(membership);
    });

    test("there is one comment of a kind, edited and never repeated", async () => {
      const { issues } = github;
      const number = await fileIssue("Commented");
      const url = await issues.publishComment(number, "incident", "First");
      expect(await issues.publishComment(number, "incident", "Second")).toBe(url);
      await issues.publishComment(number, "other", "Third");
      expect(await people.readComments(number)).toEqual([
        "<!-- incident-to-eval:incident -->\nSecond",
        "<!-- incident-to-eval:other -->\nThird",
      ]);
    });

    test("our comment is found behind a hundred others, and a marker that people write is ignored", async () => {
      const { issues } = github;
      const number = await fileIssue("Discussed");
      for (let count = 0; count < 101; count += 1) {
        const body = count === 0 ? "<!-- incident-to-eval:incident -->\nNot yours" : `Me too ${count}`;
        await people.comment(number, body);
      }
      const url = await issues.publishComment(number, "incident", "First");
      expect(await issues.publishComment(number, "incident", "Second")).toBe(url);
      expect((await people.readComments(number))[0]).toBe("<!-- incident-to-eval:incident -->\nNot yours");
    });

    test.each<Parameters<Issues["react"]>[1]>(["eyes", "confused"])(
      "a reaction %s stops nothing where reactions are not offered",
      async (reaction) => {
        await expect(github.issues.react(1, reaction)).resolves.toBeUndefined();
      },
    );
  });

  describe("pull requests", () => {
    test("reads one as it stands, and finds open ones by their head", async () => {
      const main = await github.repository.fetchDefaultTip();
      await people.createBranch("feature/tone", main.sha);
      const sha = await people.commit("feature/tone", { "agent/prompts/system.md": "Be kind.\n" });
      const number = await people.openPullRequest("Tone", "feature/tone", "main");
      const found = await github.pullRequests.fetchPullRequest(number);
      expect(found).toMatchObject({
        number,
        author: "olga",
        state: "open",
        draft: false,
        head: { sha, branch: "feature/tone" },
        base: { sha: main.sha, branch: "main" },
        fromFork: false,
      });
      expect(await github.pullRequests.searchOpen(sha)).toEqual([found]);
      expect(await github.pullRequests.searchOpen(main.sha)).toEqual([]);
      const prefix = found?.head.branch.slice(0, 3) ?? "";
      expect(await github.pullRequests.searchOpenFrom(prefix)).toContainEqual(found);
      expect(await github.pullRequests.searchOpenFrom("no-such-branch")).toEqual([]);
      expect(await github.pullRequests.fetchPullRequest(9_999)).toBeUndefined();
    });
  });

  test("reviews are listed oldest first, each with its commit and what it said", async () => {
    const main = await github.repository.fetchDefaultTip();
    await people.createBranch("feature/reviewed", main.sha);
    const older = await people.commit("feature/reviewed", { "README.md": "One.\n" });
    const number = await people.openPullRequest("Reviewed", "feature/reviewed", "main");
    await people.review(number, older, "approved");
    const newer = await people.commit("feature/reviewed", { "README.md": "Two.\n" });
    await people.review(number, newer, "changes_requested");
    await people.review(number, newer, "commented");
    expect(await github.pullRequests.fetchReviews(number)).toEqual([
      { id: expect.any(Number), author: "wanda", state: "approved", commit: older, at: expect.any(Date) },
      {
        id: expect.any(Number),
        author: "wanda",
        state: "changes_requested",
        commit: newer,
        at: expect.any(Date),
      },
      { id: expect.any(Number), author: "wanda", state: "commented", commit: newer, at: expect.any(Date) },
    ]);
  });

  describe("checks", () => {
    test("the same run is posted once, another run beside it", async () => {
      const { checks, repository } = github;
      const { sha } = await repository.fetchDefaultTip();
      const first = await checks.openCheck(aCheckRun(sha));
      expect(await checks.openCheck(aCheckRun(sha))).toBe(first);
      const second = await checks.openCheck(aCheckRun(sha, { externalId: "run-2" }));
      await checks.updateCheck(
        first,
        aCheckRun(sha, { state: { kind: "completed", conclusion: "cancelled" } }),
      );
      expect(await people.readCheck(first)).toMatchObject({ conclusion: "cancelled" });
      expect(await people.readCheck(second)).toMatchObject({ conclusion: null });
    });

    test("a check that people posted under our name is left alone", async () => {
      const { checks } = github;
      const sha = await people.commit("main", { "agent/again.md": "again\n" });
      const theirs = await people.postCheck("incident-to-eval / blocking", sha);
      expect(await checks.openCheck(aCheckRun(sha))).not.toBe(theirs);
    });

    test("state, output and annotations arrive", async () => {
      const { checks, repository } = github;
      const { sha } = await repository.fetchDefaultTip();
      const id = await checks.openCheck(
        aCheckRun(sha, {
          name: "incident-to-eval / warning",
          state: { kind: "completed", conclusion: "neutral" },
          title: "1 fixture warns",
          annotations: [anAnnotation()],
          actions: [{ id: "rerun", label: "Re-run", description: "Runs all fixtures again" }],
        }),
      );
      expect(await people.readCheck(id)).toEqual({
        conclusion: "neutral",
        title: "1 fixture warns",
        annotations: 1,
      });
    });
  });
});
