import { beforeEach, describe, expect, test } from "@jest/globals";
import { clearUpDraftFixtures, runDraftFixtures } from "../../../src/app/jobs/draft-fixtures.ts";
import type { DraftCause } from "../../../src/app/jobs/job.ts";
import type { AskModel } from "../../../src/core/agent/chat.ts";
import { CONFIG_PATH } from "../../../src/core/config/config.ts";
import { ExternalFailure } from "../../../src/ports/external-failure.ts";
import type { GitHub } from "../../../src/ports/github.ts";
import type { Told } from "../../../src/ports/records.ts";
import { TOUCHED_AT } from "../../build/fake-github.ts";
import {
  A_REPO,
  aCommand,
  aConfigFile,
  aDraftJob,
  aJobWorld,
  anIncidentBody,
  aTurn,
  CARELESS,
  type JobWorld,
  PROMPT,
  pullRequestOf,
  REFUNDS_UNLESS_TOLD,
  type WorldChanges,
} from "../../build/job-world.ts";

const BRANCH = "incident-to-eval/issue-";

let world: JobWorld;
let issue: number;
let asked = 0;

/** A repository whose agent refunds without asking, and the incident that tells of it. */
async function begin(files: WorldChanges["files"] = {}, labels = ["incident"]): Promise<void> {
  asked = 0;
  world = aJobWorld({
    files: { [PROMPT]: CARELESS, "evals/golden/asks-first.yml": undefined, ...files },
    model: (request, signal) => {
      asked += 1;
      return REFUNDS_UNLESS_TOLD(request, signal);
    },
  });
  const body = anIncidentBody({ user_input: "Refund it, the password is hunter2." });
  issue = await world.people.fileIssue({ title: "It refunded", body, labels, author: "rita" });
}

beforeEach(() => begin());

async function draft(cause?: DraftCause, actor?: string): Promise<readonly string[]> {
  await runDraftFixtures(aDraftJob(issue, cause, actor), aTurn(), world.deps);
  return world.gitHub.commentsOn(issue);
}

function edit(body: string): void {
  const standing = world.gitHub.issueList.get(issue);
  if (standing !== undefined) world.gitHub.issueList.set(issue, { ...standing, body });
}

function close(): void {
  const standing = world.gitHub.issueList.get(issue);
  if (standing !== undefined) world.gitHub.issueList.set(issue, { ...standing, state: "closed" });
}

const record = () => world.records.incidents.kept.get(`${A_REPO}#${issue}`);
const proposals = () => [...world.gitHub.pullRequestList.values()];
const draftBranch = () => world.gitHub.git.branches.get(BRANCH + issue);

describe("a labelled incident", () => {
  test("becomes a pull request, one comment that links it, and a record of both", async () => {
    const comments = await draft();
    const [proposal] = proposals();
    expect(proposal).toMatchObject({ state: "open", base: { branch: "main" } });
    expect(comments).toEqual([expect.stringContaining(proposal?.url ?? "no pull request")]);
    expect(record()).toMatchObject({ state: "proposed", lastWrittenSha: draftBranch() });
  });

  test("is not drafted again from a second issue while the first draft waits for its review", async () => {
    const body = anIncidentBody({ incident: "INC-7", user_input: "Refund it." });
    edit(body);
    await draft();
    const [first] = proposals();
    issue = await world.people.fileIssue({
      title: "It refunded, reported again",
      body,
      labels: ["incident"],
      author: "rita",
    });
    const comments = await draft();
    expect(proposals()).toEqual([first]);
    expect(comments).toEqual([expect.stringContaining("evals/incidents/")]);
    expect(record()).toMatchObject({ state: "duplicate" });
  });

  test("shows its secrets nowhere", async () => {
    const comments = await draft();
    const written = world.gitHub.git.find(draftBranch() ?? "")?.files ?? new Map();
    const shown = JSON.stringify([comments, proposals(), [...written], record()]);
    expect(shown).toContain("[secret-1]");
    expect(shown).not.toContain("hunter2");
  });

  test("asks its owner for a review, and not who only looks like one", async () => {
    edit(anIncidentBody({ owner: "@wanda" }));
    await draft();
    expect(proposals()[0]?.reviewers).toEqual(["wanda"]);
  });

  test("is answered once for one text, however many events it brings", async () => {
    await draft({ kind: "opened" });
    const before = { asked, commit: draftBranch() };
    await draft({ kind: "labeled" });
    await draft({ kind: "edited" }, "olga");
    expect({ asked, commit: draftBranch() }).toEqual(before);
  });

  test("is drafted anew when its text changes, on the same branch and pull request", async () => {
    await draft();
    const before = draftBranch();
    edit(anIncidentBody({ user_input: "Refund order 99 now." }));
    const comments = await draft({ kind: "edited" }, "tom");
    expect(proposals()).toHaveLength(1);
    expect(comments).toHaveLength(1);
    expect(draftBranch()).not.toBe(before);
    expect(record()?.lastWrittenSha).toBe(draftBranch());
  });

  test.each([
    { labels: ["Incident"], label: "incident", answers: 1 },
    { labels: ["bug", "postmortem"], label: "postmortem", answers: 1 },
    { labels: ["incidental"], label: "incident", answers: 0 },
    { labels: [], label: "incident", answers: 0 },
  ])("with labels $labels gets $answers answers where the label is $label", async (row) => {
    await begin({ [CONFIG_PATH]: aConfigFile({ incidents: { label: row.label } }) }, row.labels);
    expect(await draft()).toHaveLength(row.answers);
  });
});

describe("a read that lags behind the event", () => {
  const editedAt = new Date("2026-11-21T09:59:58Z");
  const cause = { kind: "edited", updatedAt: editedAt.toISOString() } as const;
  const longAgo = new Date("2026-11-21T09:58:00Z");

  /** An incident that was answered and is still shown as it was then; answers how it is after an edit. */
  async function anEditedOne() {
    await draft();
    const before = world.gitHub.issueList.get(issue);
    if (before === undefined) throw new Error("there is no issue");
    const body = anIncidentBody({ user_input: "Refund order 7 now." });
    return { ...before, body, updatedAt: editedAt };
  }

  test.each([
    { what: "the older text", isThere: true },
    { what: "no issue", isThere: false },
  ])("and shows $what is repeated until the newer text can be answered", async ({ isThere }) => {
    const now = await anEditedOne();
    const { issueList } = world.gitHub;
    const known = record();
    if (!isThere) issueList.delete(issue);
    await expect(draft(cause)).rejects.toMatchObject({
      name: ExternalFailure.name,
      retryable: true,
      retryAfterMs: 3_000,
    });
    expect(record()).toEqual(known);
    issueList.set(issue, now);
    await draft(cause);
    expect(record()?.bodyHash).not.toBe(known?.bodyHash);
  });

  test("for two minutes counts as it is", async () => {
    await anEditedOne();
    const known = record();
    const again = () => runDraftFixtures(aDraftJob(issue, cause), aTurn(longAgo), world.deps);
    await again();
    world.gitHub.issueList.delete(issue);
    await again();
    expect(record()).toEqual(known);
  });
});

describe("while an incident is drafted from", () => {
  const TRIALS_AT_ONCE = 10;
  const newer = anIncidentBody({ user_input: "Refund order 99 now." });

  /** Does something once the first fixture is being tried, as its webhook counts it. */
  async function draftDuring(
    happen: () => void,
    told: Told = {},
    cause?: DraftCause,
    actor?: string,
  ): Promise<readonly string[]> {
    let isFirst = true;
    const ask: AskModel = async (request, signal) => {
      asked += 1;
      if (isFirst && request.outputSchema === undefined) {
        isFirst = false;
        happen();
        await world.records.generations.bumpGeneration(A_REPO, issue, told);
      }
      return REFUNDS_UNLESS_TOLD(request, signal);
    };
    const models = world.deps.models === undefined ? undefined : { ...world.deps.models, ask };
    await runDraftFixtures(aDraftJob(issue, cause, actor), aTurn(), { ...world.deps, models });
    return world.gitHub.commentsOn(issue);
  }

  const unlabel = () => {
    const standing = world.gitHub.issueList.get(issue);
    if (standing !== undefined) world.gitHub.issueList.set(issue, { ...standing, labels: [] });
  };

  test.each([
    ["closed", () => close()],
    ["without its label", () => unlabel()],
    ["gone", () => void world.gitHub.issueList.delete(issue)],
  ])("nothing more is paid and nothing is left once it is %s", async (_what, happen) => {
    expect(await draftDuring(happen)).toEqual([]);
    // The trials that were made at the same time had asked already.
    expect(asked).toBe(TRIALS_AT_ONCE);
    expect({ proposals: proposals(), record: record() }).toEqual({ proposals: [], record: undefined });
  });

  test("a newer text of somebody who may ask is drafted from, and the older one is not told of", async () => {
    await draftDuring(() => edit(newer), { editedBy: "olga" });
    const written = [...(world.gitHub.git.find(draftBranch() ?? "")?.files ?? [])].join();
    expect(proposals()).toHaveLength(1);
    expect(written).toContain("order 99");
    expect(written).not.toContain("[secret-1]");
    const before = asked;
    await draft({ kind: "edited" }, "olga");
    expect(asked).toBe(before);
  });

  test("a newer text of somebody who may not ask neither stops it nor is followed", async () => {
    await draftDuring(() => edit(newer), { editedBy: "rita" });
    const written = [...(world.gitHub.git.find(draftBranch() ?? "")?.files ?? [])].join();
    expect(proposals()).toHaveLength(1);
    expect(written).not.toContain("order 99");
  });

  test("a newer text whose event has not come yet is not taken for that of whom the last event named", async () => {
    const toldAt = new Date(TOUCHED_AT.getTime() - 60_000);
    await draftDuring(() => edit(newer), { editedBy: "olga", toldAt });
    const written = [...(world.gitHub.git.find(draftBranch() ?? "")?.files ?? [])].join();
    expect(proposals()).toHaveLength(1);
    expect(written).not.toContain("order 99");
  });

  test("a text that changes again and again puts the job off", async () => {
    let edits = 0;
    const ask: AskModel = async (request, signal) => {
      edits += 1;
      edit(anIncidentBody({ user_input: `Refund order ${edits}.` }));
      await world.records.generations.bumpGeneration(A_REPO, issue, { editedBy: "olga" });
      return REFUNDS_UNLESS_TOLD(request, signal);
    };
    const models = world.deps.models === undefined ? undefined : { ...world.deps.models, ask };
    const rewritten = runDraftFixtures(aDraftJob(issue), aTurn(), { ...world.deps, models });
    await expect(rewritten).rejects.toMatchObject({ retryable: true, retryAfterMs: 60_000 });
    expect(proposals()).toEqual([]);
  });

  test("what was asked for by name goes on where the issue is closed, and follows its text", async () => {
    await draftDuring(
      () => {
        close();
        edit(newer);
      },
      { editedBy: "olga" },
      aCommand("/incident-to-eval draft", "tom"),
      "tom",
    );
    expect(proposals()).toHaveLength(1);
    expect([...(world.gitHub.git.find(draftBranch() ?? "")?.files ?? [])].join()).toContain("order 99");
  });
});

test("a command whose job is tried again after it was answered is not paid for twice", async () => {
  const turn = aTurn();
  const job = aDraftJob(issue, aCommand("/incident-to-eval draft", "tom"), "tom");
  await runDraftFixtures(job, turn, world.deps);
  const before = { asked, commit: draftBranch() };
  await runDraftFixtures(job, { ...turn, attempt: 2 }, world.deps);
  expect({ asked, commit: draftBranch() }).toEqual(before);
  await runDraftFixtures(job, aTurn(), world.deps);
  expect(asked).toBeGreaterThan(before.asked);
});

test("an attempt that is over says nothing more, and the next one finds the pull request that it opened", async () => {
  const over = new AbortController();
  const { gitHub, deps } = world;
  const openProposal: GitHub["proposals"]["openProposal"] = async (...given) => {
    const opened = await gitHub.proposals.openProposal(...given);
    over.abort(new Error("the time is over"));
    return opened;
  };
  const connect = async () => ({ ...gitHub, proposals: { openProposal } });
  const turn = { ...aTurn(), signal: over.signal };
  await expect(runDraftFixtures(aDraftJob(issue), turn, { ...deps, connect })).rejects.toThrow("over");
  expect(gitHub.commentsOn(issue)).toEqual([]);
  expect(await draft()).toHaveLength(1);
  expect(proposals()).toHaveLength(1);
});

test("an incident that is closed is drafted from when somebody asks for it by name", async () => {
  close();
  expect(await draft(aCommand("/incident-to-eval draft", "tom"))).toHaveLength(1);
  expect(world.gitHub.reactions).toEqual([{ comment: 9_001, reaction: "eyes" }]);
  expect(proposals()).toHaveLength(1);
});

test("which label counts is known while the configuration is broken", async () => {
  await begin({ [CONFIG_PATH]: aConfigFile({ incidents: { label: "postmortem" } }) }, []);
  await draft();
  await world.people.commit("main", { [CONFIG_PATH]: "version: 1\nagent: 3\n" });
  const standing = world.gitHub.issueList.get(issue);
  if (standing !== undefined) world.gitHub.issueList.set(issue, { ...standing, labels: ["postmortem"] });
  expect(await draft()).toEqual([expect.stringContaining("configuration")]);
});

describe("nothing is done", () => {
  test("for an issue that is closed or gone", async () => {
    close();
    expect(await draft()).toEqual([]);
    await runDraftFixtures(aDraftJob(404), aTurn(), world.deps);
    expect(world.gitHub.comments).toEqual([]);
  });

  test("beyond one explanation where a repository is not configured, until it is", async () => {
    await begin({ [CONFIG_PATH]: undefined });
    expect(await draft()).toEqual([expect.stringContaining("nothing here says yet which agent")]);
    expect(asked).toBe(0);
    world.gitHub.git.commit("main", { [CONFIG_PATH]: aConfigFile() }, "olga");
    expect(await draft()).toEqual([expect.stringContaining("drafted")]);
  });

  test("beyond naming the mistakes of a configuration that cannot be used, until it can", async () => {
    await begin({ [CONFIG_PATH]: "version: 1\nagent: 3\n" });
    expect(await draft()).toEqual([
      expect.stringContaining("configuration of this repository cannot be used"),
    ]);
    expect(asked).toBe(0);
    world.gitHub.git.commit("main", { [CONFIG_PATH]: aConfigFile() }, "olga");
    expect(await draft()).toEqual([expect.stringContaining("drafted")]);
  });
});

describe("who may ask", () => {
  test("somebody with fewer than triage rights is told who may, once, and costs nothing", async () => {
    expect(await draft({ kind: "opened" }, "rita")).toEqual([
      expect.stringContaining("waits for a maintainer"),
    ]);
    edit(anIncidentBody());
    await draft({ kind: "edited" }, "rita");
    await draft({ kind: "labeled" }, "rita");
    expect({ asked, proposals: proposals() }).toEqual({ asked: 0, proposals: [] });
    expect(await draft({ kind: "labeled" }, "tom")).toEqual([expect.stringContaining("drafted")]);
  });

  test("later edits of people with fewer rights are not followed", async () => {
    await draft();
    const before = { record: record(), commit: draftBranch() };
    edit(anIncidentBody({ user_input: "Something else entirely." }));
    await draft({ kind: "edited" }, "rita");
    expect({ record: record(), commit: draftBranch() }).toEqual(before);
  });

  test.each([
    { line: "/incident-to-eval draft", actor: "tom", reaction: "eyes", drafted: 1, comments: 1 },
    { line: "/incident-to-eval draft", actor: "rita", reaction: "-1", drafted: 0, comments: 0 },
    { line: "/incident-to-eval help", actor: "otto", reaction: "+1", drafted: 0, comments: 1 },
    { line: "/incident-to-eval run", actor: "olga", reaction: "confused", drafted: 0, comments: 1 },
  ])("$line of $actor is answered with $reaction", async ({ line, actor, reaction, drafted, comments }) => {
    await begin({}, []);
    expect(await draft(aCommand(line, actor), actor)).toHaveLength(comments);
    expect(world.gitHub.reactions).toEqual([{ comment: 9_001, reaction }]);
    expect(proposals()).toHaveLength(drafted);
  });
});

describe("what people did to a draft stays", () => {
  test("a commit of theirs is not overwritten, and what we wrote last is still known", async () => {
    await draft();
    const ours = record()?.lastWrittenSha;
    const theirs = await world.people.commit(BRANCH + issue, { "evals/mine.yml": "id: mine\n" });
    edit(anIncidentBody());
    expect(await draft({ kind: "edited" })).toEqual([expect.stringContaining("edited by a person")]);
    expect(draftBranch()).toBe(theirs);
    expect(record()).toMatchObject({ state: "left_alone", lastWrittenSha: ours });
  });

  test.each([
    ["rejected", "counts as rejected"],
    ["merged", "has a fixture already"],
  ] as const)("a draft that was %s is not opened again", async (how, words) => {
    await draft();
    const number = proposals()[0]?.number ?? 0;
    await world.people.closePullRequest(number, how);
    const comments = await draft(aCommand("/incident-to-eval draft", "tom"));
    expect(comments).toEqual([expect.stringContaining(words)]);
    expect(proposals()).toHaveLength(1);
    expect(pullRequestOf(world.gitHub, number).state).toBe("closed");
  });
});

describe("a job that was given up", () => {
  const failure = { system: "github", message: "GitHub was down" };

  test("tells the people who wait, and loses nothing that was known", async () => {
    await draft();
    const before = record();
    await clearUpDraftFixtures(aDraftJob(issue), failure, aTurn(), world.deps);
    expect(world.gitHub.commentsOn(issue)).toEqual([expect.stringContaining("GitHub was down")]);
    expect(record()).toEqual(before);
  });

  test("for a newer text than was answered is known as answered, so that no sweep asks for it for ever", async () => {
    await draft();
    const before = record();
    edit(anIncidentBody({ user_input: "Refund order 99 now." }));
    await clearUpDraftFixtures(aDraftJob(issue), failure, aTurn(), world.deps);
    expect(record()).toMatchObject({ state: "failed", lastWrittenSha: before?.lastWrittenSha });
    expect(record()?.bodyHash).not.toBe(before?.bodyHash);
  });

  test("has nobody to tell where the issue is gone", async () => {
    await clearUpDraftFixtures(aDraftJob(404), failure, aTurn(), world.deps);
    expect(world.gitHub.comments).toEqual([]);
  });

  test.each([
    { what: "an open incident", labels: ["incident"], cause: { kind: "labeled" }, told: 1 },
    { what: "a closed incident", closed: true, labels: ["incident"], cause: { kind: "labeled" }, told: 0 },
    { what: "an issue of another kind", labels: ["bug"], cause: { kind: "labeled" }, told: 0 },
    {
      what: "a closed issue that somebody asked about",
      closed: true,
      labels: ["bug"],
      cause: aCommand("/incident-to-eval draft", "tom"),
      told: 1,
    },
  ] as const)("is told on $what: $told times", async ({ closed, labels, cause, told }) => {
    await begin({}, [...labels]);
    if (closed === true) close();
    await clearUpDraftFixtures(aDraftJob(issue, cause), failure, aTurn(), world.deps);
    expect(world.gitHub.commentsOn(issue)).toHaveLength(told);
  });

  test("is told where the incident was answered before, whatever its labels are now", async () => {
    await draft();
    const standing = world.gitHub.issueList.get(issue);
    if (standing !== undefined) world.gitHub.issueList.set(issue, { ...standing, labels: [] });
    await clearUpDraftFixtures(aDraftJob(issue), failure, aTurn(), world.deps);
    expect(world.gitHub.commentsOn(issue)).toEqual([expect.stringContaining("GitHub was down")]);
  });
});

describe("somebody overrules the triage", () => {
  const triage = (words: string, commentId = 9_001) => ({
    ...aCommand(`/incident-to-eval triage ${words}`, "tom"),
    commentId,
  });

  test("a skip makes no fixture of it, and says who decided, why, and what the table says", async () => {
    const [answer] = await draft(triage("skip because the test account was to blame"));
    expect(answer).toContain("Triage: **no fixture**, decided by `tom`.");
    expect(answer).toContain("the test account was to blame");
    expect(answer).toContain("The table says blocking, by its row `authorization`");
    expect(world.gitHub.git.branches.has(`${BRANCH}${issue}`)).toBe(false);
    expect(world.records.decisions.kept).toEqual([
      expect.objectContaining({ kind: "triage", issue, level: "skip", actor: "tom", as: "triage" }),
    ]);
  });

  test("another level is the level of the draft", async () => {
    await draft(triage("warning because nobody was harmed"));
    const [drafted] = [...world.gitHub.pullRequestList.values()];
    expect(drafted?.body).toContain("**warning**");
    expect(world.gitHub.commentsOn(issue)[0]).toContain("Triage: **warning**, decided by `tom`");
  });

  test("the newest decision counts, and one that is heard of again later does not come back", async () => {
    await draft(triage("skip because the test account was to blame"));
    await draft(triage("warning because nobody was harmed", 9_002));
    const [answer] = await draft(triage("skip because the test account was to blame"));
    expect(answer).toContain("Triage: **warning**");
    expect(world.records.decisions.kept).toHaveLength(2);
  });

  test("it stands while the incident is only worded anew, and ends when the facts change", async () => {
    await draft(triage("skip because the test account was to blame"));
    edit(anIncidentBody({ observed: "It refunded 480 USD, and asked nobody at all." }));
    expect((await draft({ kind: "edited" }))[0]).toContain("Triage: **no fixture**, decided by `tom`");
    edit(anIncidentBody({ severity: "S2", failure_types: "hallucination" }));
    const [answer] = await draft({ kind: "edited" });
    expect(answer).toContain("`tom` had decided skip, on other facts: that does not stand any more.");
    expect(world.gitHub.git.branches.has(`${BRANCH}${issue}`)).toBe(true);
  });

  test.each([
    { words: "skip because I like it", actor: "rita", reaction: "-1" },
    { words: "severe because I like it", actor: "tom", reaction: "confused" },
    { words: "skip", actor: "tom", reaction: "confused" },
  ])("$words of $actor is answered with $reaction and drafts nothing", async ({ words, actor, reaction }) => {
    await draft({ ...triage(words), actor }, actor);
    expect(world.gitHub.reactions).toEqual([{ comment: 9_001, reaction }]);
    expect(world.records.decisions.kept).toEqual([]);
    expect(world.gitHub.pullRequestList.size).toBe(0);
  });
});
