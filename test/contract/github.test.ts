import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Issues, Role } from "../../src/ports/issues.ts";
import { type EmulatedGitHub, FILES, OWNER, REPO, startEmulatedGitHub } from "../build/emulated-github.ts";
import { aCheckRun, anAnnotation, aProposal } from "../build/proposals.ts";

let emulated: EmulatedGitHub;

const place = { owner: OWNER, repo: REPO };

async function fileIssue(title: string): Promise<number> {
  return (await emulated.olga.rest.issues.create({ ...place, title, body: "It refunded.", labels: [] })).data
    .number;
}

async function commentsOn(number: number): Promise<readonly string[]> {
  const listed = await emulated.olga.rest.issues.listComments({ ...place, issue_number: number });
  return listed.data.map((comment) => comment.body ?? "");
}

beforeAll(async () => {
  emulated = await startEmulatedGitHub();
  await expect(emulated.github.repository.fetchDefaultTip()).rejects.toThrow(
    "has no commit; push a first one",
  );
  await emulated.commitAsPerson("main", FILES);
});
afterAll(() => emulated.close());

describe("the repository", () => {
  test("names the default branch and its tip", async () => {
    const tip = await emulated.github.repository.fetchDefaultTip();
    expect(tip.branch).toBe("main");
    expect(await emulated.github.repository.fetchTip("main")).toEqual(tip);
  });

  test("a branch that is not there is undefined, with a slash in its name too", async () => {
    expect(await emulated.github.repository.fetchTip("feature/none")).toBeUndefined();
  });

  test("lists the files of a commit and reads them by blob id", async () => {
    const { repository } = emulated.github;
    const tree = await repository.fetchTree((await repository.fetchDefaultTip()).sha);
    expect([...tree.entries.keys()].sort()).toEqual(Object.keys(FILES).sort());
    const texts = await repository.fetchTexts([...tree.entries.values()]);
    const byPath = [...tree.entries.values()].map((entry) => [entry.path, texts.get(entry.sha)]);
    expect(Object.fromEntries(byPath)).toEqual(FILES);
    expect(tree.truncated).toBe(false);
  });

  test("finds where two branches parted", async () => {
    const { repository } = emulated.github;
    const main = await repository.fetchDefaultTip();
    await emulated.olga.rest.git.createRef({ ...place, ref: "refs/heads/parted", sha: main.sha });
    const head = await emulated.commitAsPerson("parted", { "agent/new.md": "new\n" });
    expect(await repository.fetchMergeBase(main.sha, head)).toBe(main.sha);
  });

  test("a commit that GitHub does not know is a failure for good", async () => {
    await expect(emulated.github.repository.fetchTree("0".repeat(40))).rejects.toMatchObject({
      system: "github",
      retryable: false,
      status: 404,
    });
  });
});

describe("proposals", () => {
  async function proposal(branch: string, change: Parameters<typeof aProposal>[1] = {}) {
    return aProposal(await emulated.github.repository.fetchDefaultTip(), { branch, ...change });
  }

  test("the same proposal twice is one pull request with one commit", async () => {
    const { proposals, repository } = emulated.github;
    const proposed = await proposal("incident-to-eval/issue-100");
    const opened = await proposals.openProposal(proposed, undefined);
    const again = await proposals.openProposal(proposed, undefined);
    expect(opened.kind).toBe("opened");
    expect(again).toEqual({ ...opened, kind: "unchanged" });
    const tip = await repository.fetchTip(proposed.branch);
    const commit = await emulated.olga.rest.git.getCommit({ ...place, commit_sha: tip?.sha ?? "" });
    expect(commit.data.parents.map((parent) => parent.sha)).toEqual([proposed.base.sha]);
  });

  test("another content moves the branch, another text the pull request, and both are updates", async () => {
    const { proposals, repository } = emulated.github;
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
    const shown = await emulated.olga.rest.pulls.get({ ...place, pull_number: number });
    expect(shown.data.title).toBe("Another title");
  });

  test("a base that moves on does not rewrite a branch that says the same", async () => {
    const { proposals } = emulated.github;
    const proposed = await proposal("incident-to-eval/issue-102");
    const opened = await proposals.openProposal(proposed, undefined);
    await emulated.commitAsPerson("main", { "agent/moves-on.md": "on\n" });
    const later = await proposal("incident-to-eval/issue-102");
    expect(later.base.sha).not.toBe(proposed.base.sha);
    expect(await proposals.openProposal(later, undefined)).toEqual({ ...opened, kind: "unchanged" });
  });

  test("what a person wrote on the branch is left alone", async () => {
    const { proposals, repository } = emulated.github;
    const proposed = await proposal("incident-to-eval/issue-103");
    const opened = await proposals.openProposal(proposed, undefined);
    const theirs = await emulated.commitAsPerson(proposed.branch, { "evals/mine.yml": "id: mine\n" });
    const changed = { ...proposed, files: [{ path: "evals/x.yml", content: "id: x\n" }] };
    expect(await proposals.openProposal(changed, undefined)).toMatchObject({
      kind: "edited_by_people",
      commit: theirs,
      pullRequest: opened.kind === "opened" ? opened.pullRequest : undefined,
    });
    expect((await repository.fetchTip(proposed.branch))?.sha).toBe(theirs);
  });

  test("a branch of a person with our name is theirs, even without a pull request", async () => {
    const main = await emulated.github.repository.fetchDefaultTip();
    const branch = "incident-to-eval/issue-104";
    await emulated.olga.rest.git.createRef({ ...place, ref: `refs/heads/${branch}`, sha: main.sha });
    const answer = await emulated.github.proposals.openProposal(await proposal(branch), undefined);
    expect(answer).toEqual({
      kind: "edited_by_people",
      pullRequest: undefined,
      url: undefined,
      commit: main.sha,
    });
  });

  test("closed without merging is rejected, merged is merged", async () => {
    const { proposals } = emulated.github;
    for (const [branch, kind] of [
      ["incident-to-eval/issue-105", "rejected"],
      ["incident-to-eval/issue-106", "merged"],
    ] as const) {
      const proposed = await proposal(branch);
      const opened = await proposals.openProposal(proposed, undefined);
      const number = opened.kind === "opened" ? opened.pullRequest : 0;
      if (kind === "merged") {
        await emulated.olga.rest.pulls.merge({ ...place, pull_number: number, merge_method: "merge" });
      } else {
        await emulated.olga.rest.pulls.update({ ...place, pull_number: number, state: "closed" });
      }
      expect(await proposals.openProposal(proposed, undefined)).toMatchObject({ kind, pullRequest: number });
    }
  });

  test("reviewers who can be asked are asked, and one who cannot does not stop it", async () => {
    const proposed = await proposal("incident-to-eval/issue-107", {
      reviewers: ["nobody-here", "acme/none", "wanda"],
    });
    const opened = await emulated.github.proposals.openProposal(proposed, undefined);
    const number = opened.kind === "opened" ? opened.pullRequest : 0;
    const asked = await emulated.olga.rest.pulls.get({ ...place, pull_number: number });
    expect(asked.data.requested_reviewers?.map((user) => user.login)).toEqual(["wanda"]);
  });

  test("a folder that is a link in the base is never written through", async () => {
    await emulated.olga.rest.git.createRef({
      ...place,
      ref: "refs/heads/linked",
      sha: (await emulated.github.repository.fetchDefaultTip()).sha,
    });
    const sha = await emulated.commitAsPerson("linked", { "evals/incidents-link": "/etc" }, "120000");
    const files = [{ path: "evals/incidents-link/x.yml", content: "id: x\n" }];
    const proposed = aProposal({ branch: "linked", sha }, { branch: "incident-to-eval/issue-108", files });
    await expect(emulated.github.proposals.openProposal(proposed, undefined)).rejects.toThrow(
      "expected a folder at evals/incidents-link, got a symbolic link",
    );
    expect(await emulated.github.repository.fetchTip(proposed.branch)).toBeUndefined();
  });
});

describe("issues", () => {
  test("reads an issue, and neither a missing one nor a pull request", async () => {
    const number = await fileIssue("It refunded without approval");
    expect(await emulated.github.issues.fetchIssue(number)).toMatchObject({
      number,
      title: "It refunded without approval",
      body: "It refunded.",
      author: "olga",
      state: "open",
      labels: [],
    });
    expect(await emulated.github.issues.fetchIssue(9_999)).toBeUndefined();
    const main = await emulated.github.repository.fetchDefaultTip();
    const opened = await emulated.github.proposals.openProposal(
      aProposal(main, { branch: "incident-to-eval/issue-200" }),
      undefined,
    );
    expect(
      await emulated.github.issues.fetchIssue(opened.kind === "opened" ? opened.pullRequest : 0),
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
    expect(await emulated.github.issues.fetchRole(login)).toBe(role);
  });

  test("there is one comment of a kind, edited and never repeated", async () => {
    const { issues } = emulated.github;
    const number = await fileIssue("Commented");
    const url = await issues.publishComment(number, "incident", "First");
    expect(await issues.publishComment(number, "incident", "Second")).toBe(url);
    await issues.publishComment(number, "other", "Third");
    expect(await commentsOn(number)).toEqual([
      "<!-- incident-to-eval:incident -->\nSecond",
      "<!-- incident-to-eval:other -->\nThird",
    ]);
  });

  test("our comment is found behind a hundred others, and a marker that people write is ignored", async () => {
    const { issues } = emulated.github;
    const number = await fileIssue("Discussed");
    for (let count = 0; count < 101; count += 1) {
      const body = count === 0 ? "<!-- incident-to-eval:incident -->\nNot yours" : `Me too ${count}`;
      await emulated.olga.rest.issues.createComment({ ...place, issue_number: number, body });
    }
    const url = await issues.publishComment(number, "incident", "First");
    expect(await issues.publishComment(number, "incident", "Second")).toBe(url);
    await issues.removeComment(number, "incident");
    expect((await commentsOn(number))[0]).toBe("<!-- incident-to-eval:incident -->\nNot yours");
    await issues.removeComment(number, "incident");
  });

  test.each<Parameters<Issues["react"]>[1]>(["eyes", "confused"])(
    "a reaction %s stops nothing where reactions are not offered",
    async (reaction) => {
      await expect(emulated.github.issues.react(1, reaction)).resolves.toBeUndefined();
    },
  );
});

describe("pull requests", () => {
  test("reads one as it stands, and finds open ones by their head", async () => {
    const main = await emulated.github.repository.fetchDefaultTip();
    await emulated.olga.rest.git.createRef({ ...place, ref: "refs/heads/feature/tone", sha: main.sha });
    const sha = await emulated.commitAsPerson("feature/tone", { "agent/prompts/system.md": "Be kind.\n" });
    const { data } = await emulated.olga.rest.pulls.create({
      ...place,
      title: "Tone",
      head: "feature/tone",
      base: "main",
    });
    const found = await emulated.github.pullRequests.fetchPullRequest(data.number);
    expect(found).toMatchObject({
      number: data.number,
      author: "olga",
      state: "open",
      draft: false,
      merged: false,
      head: { sha, branch: "feature/tone", repo: `${OWNER}/${REPO}` },
      base: { sha: main.sha, branch: "main" },
      fromFork: false,
    });
    expect(await emulated.github.pullRequests.searchOpen(sha)).toEqual([found]);
    expect((await emulated.github.pullRequests.searchOpen()).length).toBeGreaterThan(1);
    expect(await emulated.github.pullRequests.fetchPullRequest(9_999)).toBeUndefined();
  });
});

describe("checks", () => {
  test("the same run is posted once, another run beside it", async () => {
    const { checks, repository } = emulated.github;
    const { sha } = await repository.fetchDefaultTip();
    const first = await checks.openCheck(aCheckRun(sha));
    expect(await checks.openCheck(aCheckRun(sha))).toBe(first);
    const second = await checks.openCheck(aCheckRun(sha, { externalId: "run-2" }));
    await checks.updateCheck(
      first,
      aCheckRun(sha, { state: { kind: "completed", conclusion: "cancelled" } }),
    );
    expect(await checks.searchChecks(sha)).toEqual([
      { id: second, name: "incident-to-eval / blocking", externalId: "run-2", completed: false },
      { id: first, name: "incident-to-eval / blocking", externalId: "run-1", completed: true },
    ]);
  });

  test("a check that people post under another name is not ours", async () => {
    const { checks } = emulated.github;
    const sha = await emulated.commitAsPerson("main", { "agent/again.md": "again\n" });
    await emulated.olga.rest.checks.create({ ...place, name: "build", head_sha: sha, external_id: "1" });
    expect(await checks.searchChecks(sha)).toEqual([]);
  });

  test("state, output, annotations and link arrive", async () => {
    const { checks, repository } = emulated.github;
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
    const { data } = await emulated.olga.rest.checks.get({ ...place, check_run_id: id });
    expect(data).toMatchObject({
      status: "completed",
      conclusion: "neutral",
      details_url: "https://gate.example/runs/run-1",
      output: { title: "1 fixture warns", annotations_count: 1 },
    });
  });
});
