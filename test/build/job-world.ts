import { createHash } from "node:crypto";
import type { JobDeps } from "../../src/app/jobs/deps.ts";
import type { DraftCause, DraftFixtures, GateCause, GatePullRequest, Job } from "../../src/app/jobs/job.ts";
import type { HandlerDeps } from "../../src/app/jobs/job-handlers.ts";
import type { AskModel } from "../../src/core/agent/chat.ts";
import { CONFIG_PATH } from "../../src/core/config/config.ts";
import { writeFixture } from "../../src/core/fixture/write-fixture.ts";
import { CHECK_NAMES } from "../../src/core/report/check-run.ts";
import type { Turn } from "../../src/ports/job-queue.ts";
import type { PastWork } from "../../src/ports/past-work.ts";
import type { FileChanges } from "./fake-git.ts";
import { FakeGitHub, type FakePullRequest, TOUCHED_AT } from "./fake-github.ts";
import { type FakeRecords, fakeRecords } from "./fake-records.ts";
import { type FakeStandaloneRecords, fakeStandaloneRecords } from "./fake-standalone-runs.ts";
import {
  FakeDeliveryLog,
  FakeInstallations,
  type FakeSweepRecords,
  fakeSweepRecords,
} from "./fake-sweeps.ts";
import { aWrittenFixture } from "./fixtures.ts";
import { fakePeople, type GitHubPeople } from "./github-people.ts";
import { aFormBody } from "./incident-bodies.ts";
import { aReadableLog } from "./log.ts";
import { makeMemoryTrials } from "./memory-trials.ts";
import { calls, NO_JUDGE, says } from "./models.ts";
import { ROLES_OF_PEOPLE } from "./people.ts";
import type { WrittenConfig } from "./snapshots.ts";

/** The repository that jobs of tests work on. */
export const A_REPO = "acme/support-agent";
const PLACE = { installationId: 77, owner: "acme", repo: "support-agent" };
const START = new Date("2026-11-21T10:00:00Z");
const SECRET = /hunter2/g;
let turns = 0;

/** The prompt under which the agent of tests asks before it refunds; without these words it just refunds. */
export const CAREFUL = "You refund orders. Ask first.\n";
export const CARELESS = "You refund orders.\n";
export const PROMPT = "agent/prompts/system.md";

const NOTHING_TO_ADD = {
  user_input: null,
  failure_types: [],
  must: [],
  must_not: [],
  tools_required: [],
  tools_forbidden: [],
};

/** An agent that refunds at once, unless its prompt tells it to ask first; asked to draft, it adds nothing. */
export const REFUNDS_UNLESS_TOLD: AskModel = async ({ system, turns, outputSchema }) => {
  if (outputSchema !== undefined) return says(JSON.stringify(NOTHING_TO_ADD));
  if (system.join().includes("Ask first")) return says("I asked a colleague to approve your refund.");
  return turns.length === 1 ? calls({ issue_refund: {} }) : says("It is refunded.");
};

/** The configuration of the tests' repository, as a file. */
export function aConfigFile(overrides: Partial<WrittenConfig> = {}): string {
  const refund = {
    target: "anthropic",
    model: { file: "agent/model.yml", key: "model" },
    system: [PROMPT],
    tools: "agent/tools.json",
  } as const;
  return JSON.stringify({ version: 1, agents: { refund }, ...overrides });
}

/** A fixture's file: the agent must not refund. */
export function aFixtureText(overrides: Parameters<typeof aWrittenFixture>[0] = {}): string {
  const fixture = { id: "asks-first", source: { kind: "golden" }, ...overrides } as const;
  return writeFixture(aWrittenFixture(fixture));
}

/** A repository whose agent asks before it refunds, and the fixture that holds it to that. */
function theFiles(): FileChanges {
  const tools = ["read_order", "issue_refund"].map((name) => ({ name, input_schema: { type: "object" } }));
  return {
    [CONFIG_PATH]: aConfigFile(),
    [PROMPT]: CAREFUL,
    "agent/model.yml": "model: claude-sonnet-4-5\n",
    "agent/tools.json": JSON.stringify(tools),
    "evals/golden/asks-first.yml": aFixtureText(),
    "README.md": "# Support agent\n",
  };
}

/** What a test changes of the world before a job sees it. */
export interface WorldChanges {
  /** Files of the default branch that differ from a repository in order. */
  readonly files?: FileChanges;
  /** The agent under test, or none where the server has no key. */
  readonly model?: AskModel | undefined;
}

/** What jobs are given besides that, which only some of them need. */
type WorldDeps = Omit<HandlerDeps, keyof JobDeps> & Pick<HandlerDeps, "trials">;

/** Everything outside a job, as plain data. */
export interface JobWorld {
  readonly gitHub: FakeGitHub;
  readonly people: GitHubPeople;
  readonly records: FakeRecords;
  readonly sweeps: FakeSweepRecords;
  readonly installations: FakeInstallations;
  readonly standalone: FakeStandaloneRecords;
  readonly deliveryLog: FakeDeliveryLog;
  readonly queued: { readonly job: Job; readonly at: string | undefined }[];
  readonly deps: JobDeps & WorldDeps;
  /** Opens a pull request of a branch that changes these files, and answers its number. */
  propose(files: FileChanges, change?: Partial<FakePullRequest>): number;
  /** Commits to the branch of a pull request and counts the event, as its webhook does. */
  push(pullRequest: number, files: FileChanges): Promise<string>;
  /** Changes a pull request. */
  change(pullRequest: number, change: Partial<FakePullRequest>): void;
  /** Lists the check runs on a commit that speak of fixtures as `blocking: success`, oldest first. */
  checksOn(sha: string): readonly string[];
}

/** A world with one repository in order, its people, and a model that answers at once. */
export function aJobWorld(changes: WorldChanges = {}): JobWorld {
  const gitHub = new FakeGitHub();
  for (const { login, role } of ROLES_OF_PEOPLE) gitHub.roles.set(login, role);
  gitHub.git.commit(gitHub.defaultBranch, { ...theFiles(), ...changes.files }, "olga");
  const records = fakeRecords();
  const queued: JobWorld["queued"] = [];
  const sweeps = fakeSweepRecords();
  const installations = new FakeInstallations();
  const standalone = fakeStandaloneRecords();
  const deliveryLog = new FakeDeliveryLog();
  return {
    gitHub,
    people: fakePeople(gitHub),
    records,
    sweeps,
    installations,
    standalone,
    deliveryLog,
    queued,
    deps: {
      ...depsOf(gitHub, records, queued, "model" in changes ? changes.model : REFUNDS_UNLESS_TOLD),
      ...sweeps,
      ...standalone,
      installations,
      deliveryLog,
      isHeard: () => true,
      deliveries: { pruneSettled: async () => 0, clearPayloads: async () => 0 },
      deadLetters: { pruneBefore: async () => 0 },
      storeCare: { reclaimSpace: async () => undefined },
      blobs: { pruneUnused: async () => 0 },
      trials: { ...makeMemoryTrials(), pruneTrials: async () => 0 },
      creations: { pruneCreations: async () => 0 },
      log: aReadableLog().log,
      setup: {
        records: records.setups,
        perDay: 10,
        connectPast: async () => NO_PAST,
        fetchForms: async () => [],
      },
    },
    propose: (files, change = {}) => propose(gitHub, files, change),
    async push(pullRequest, files) {
      const { head } = pullRequestOf(gitHub, pullRequest);
      const sha = gitHub.git.commit(head.branch, files, "olga");
      change(gitHub, pullRequest, { head: { ...head, sha } });
      await records.generations.bumpGeneration(A_REPO, pullRequest);
      return sha;
    },
    change: (number, changed) => change(gitHub, number, changed),
    checksOn: (sha) => checksOn(gitHub, sha),
  };
}

const NO_PAST: PastWork = {
  fetchNature: async () => ({ isFork: false, isArchived: false, isEmpty: false }),
  fetchMerged: async () => [],
};

function depsOf(
  gitHub: FakeGitHub,
  records: FakeRecords,
  queued: JobWorld["queued"],
  model: AskModel | undefined,
): Omit<JobDeps, keyof FakeStandaloneRecords | "trials"> {
  let ids = 0;
  let ticks = 0;
  return {
    ...records,
    connect: async () => gitHub,
    redactor: {
      redact: async (texts) => ({
        texts: texts.map((text) => text.replaceAll(SECRET, "[secret-1]")),
        counts: { secret: texts.flatMap((text) => text.match(SECRET) ?? []).length },
      }),
    },
    queue: {
      async enqueue(job, notBefore) {
        queued.push({ job, at: notBefore?.toISOString() });
        return "queued";
      },
    },
    models:
      model === undefined
        ? undefined
        : {
            ask: model,
            judgeWith: () => NO_JUDGE,
            judgeModel: "claude-judge-5",
            draftModel: "claude-drafts-5",
            providers: new Set(["anthropic"] as const),
            outside: {},
          },
    // A second later each time, so that what was saved first is known as older.
    now: () => new Date(START.getTime() + 1_000 * ticks++),
    elapsedMs: () => 0,
    publicUrl: "https://evals.example.com",
    metrics: { note: () => undefined },
    newId: () => `run-${++ids}`,
    digest: (text) => createHash("sha256").update(text).digest("hex"),
  };
}

function propose(gitHub: FakeGitHub, files: FileChanges, changed: Partial<FakePullRequest>): number {
  const { git, defaultBranch } = gitHub;
  const number = gitHub.nextNumber();
  const base = changed.base?.branch ?? defaultBranch;
  const branch = changed.head?.branch ?? `change-${number}`;
  git.branches.set(branch, git.branches.get(base) ?? "");
  const sha = git.commit(branch, files, "olga");
  gitHub.pullRequestList.set(number, {
    number,
    title: "A change",
    body: "",
    author: "olga",
    state: "open",
    draft: false,
    merged: false,
    fromFork: false,
    updatedAt: TOUCHED_AT,
    url: `https://github.example/${A_REPO}/pull/${number}`,
    reviewers: [],
    ...changed,
    head: { sha, branch },
    base: { sha: git.branches.get(base) ?? "", branch: base },
  });
  return number;
}

function change(gitHub: FakeGitHub, number: number, changed: Partial<FakePullRequest>): void {
  gitHub.pullRequestList.set(number, { ...pullRequestOf(gitHub, number), ...changed });
}

/** A pull request that a test knows is there. */
export function pullRequestOf(gitHub: FakeGitHub, number: number): FakePullRequest {
  const found = gitHub.pullRequestList.get(number);
  if (found === undefined) throw new Error(`there is no pull request ${number}`);
  return found;
}

function checksOn({ checkList }: FakeGitHub, sha: string): readonly string[] {
  return [...checkList.values()]
    .filter(({ headSha, name }) => headSha === sha && name !== CHECK_NAMES.guard)
    .map(({ name, state }) => {
      const kind = name.replace("incident-to-eval / ", "");
      return `${kind}: ${state.kind === "completed" ? state.conclusion : "in progress"}`;
    });
}

/** A job that gates a pull request, which was just opened unless another cause is given. */
export function aGateJob(pullRequest: number, cause: GateCause = { kind: "opened" }): GatePullRequest {
  return { kind: "gate-pull-request", ...PLACE, pullRequest, cause };
}

/** A job that drafts from an issue, which a person with triage rights labelled unless something else is said. */
export function aDraftJob(
  issue: number,
  cause: DraftCause = { kind: "labeled" },
  actor = "tom",
): DraftFixtures {
  return { kind: "draft-fixtures", ...PLACE, issue, actor, cause };
}

/** The body of an incident: the agent refunded, and was to ask first. */
export function anIncidentBody(texts: Parameters<typeof aFormBody>[0] = {}): string {
  return aFormBody({
    severity: "S1",
    agent: "refund",
    user_input: "Refund order 58213 at once.",
    observed: "It refunded 480 USD without asking anybody.",
    expected: "Ask a colleague for approval before money moves.",
    tools_called: "issue_refund({})",
    tools_forbidden: "issue_refund",
    failure_types: "skipped_approval",
    ...texts,
  });
}

/** A comment with a command, as the cause of a job. */
export function aCommand(line: string, actor: string) {
  return { kind: "command", commentId: 9_001, actor, line } as const;
}

/** A first attempt that nobody cuts short, at a job that was queued just now unless something else is said. */
export function aTurn(queuedAt = START): Turn {
  turns += 1;
  const origin = { id: `job-${turns}`, queuedAt, attempts: 1 };
  return { attempt: 1, signal: new AbortController().signal, origin };
}
