import { describe, expect, test } from "@jest/globals";
import { clearUpGatePullRequest, runGatePullRequest } from "../../../src/app/jobs/gate-pull-request.ts";
import type { GateCause } from "../../../src/app/jobs/job.ts";
import { CONFIG_PATH } from "../../../src/core/config/config.ts";
import { CHECK_NAMES, type CheckRun } from "../../../src/core/report/check-run.ts";
import { ExternalFailure } from "../../../src/ports/external-failure.ts";
import type { GitHub } from "../../../src/ports/github.ts";
import type { FileChanges } from "../../build/fake-git.ts";
import {
  A_REPO,
  aCommand,
  aConfigFile,
  aFixtureText,
  aGateJob,
  aJobWorld,
  aTurn,
  CAREFUL,
  CARELESS,
  type JobWorld,
  PROMPT,
  pullRequestOf,
  REFUNDS_UNLESS_TOLD,
} from "../../build/job-world.ts";
import { anOutage } from "../../build/models.ts";

const REGRESSION = { [PROMPT]: CARELESS };
const WORDING = { [PROMPT]: `${CAREFUL}Be kind.\n` };

const HELD = ["blocking: success", "warning: success"];
/** The share of passes over the suite is too low then, which warns. */
const REGRESSED = ["blocking: failure", "warning: neutral"];
const NOT_RUN = ["blocking: failure", "warning: action_required"];
const CANCELLED = ["blocking: cancelled", "warning: cancelled"];

async function gate(world: JobWorld, pullRequest: number, cause?: GateCause): Promise<readonly string[]> {
  await runGatePullRequest(aGateJob(pullRequest, cause), aTurn(), world.deps);
  return world.checksOn(headOf(world, pullRequest));
}

function headOf(world: JobWorld, pullRequest: number): string {
  return pullRequestOf(world.gitHub, pullRequest).head.sha;
}

/** Notes every call by its name. */
function noting<T extends object>(port: T, asked: string[]): T {
  return new Proxy(port, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member === "function") asked.push(String(name));
      return typeof member === "object" && member !== null ? noting(member, asked) : member;
    },
  });
}

describe("a pull request", () => {
  test.each([
    { what: "keeps what the agent does", files: WORDING, checks: HELD },
    { what: "makes the agent refund without asking", files: REGRESSION, checks: REGRESSED },
    { what: "touches nothing of the agent", files: { "README.md": "# Hello\n" }, checks: HELD },
  ])("that $what gets $checks", async ({ files, checks }) => {
    const world = aJobWorld();
    expect(await gate(world, world.propose(files))).toEqual(checks);
    expect([...world.records.gateRuns.kept.values()].map(({ state }) => state)).toEqual(["completed"]);
  });

  test.each<[string, (world: JobWorld) => number]>([
    ["of a repository without configuration", (world) => unconfigured(world)],
    ["that is a draft", (world) => world.propose(REGRESSION, { draft: true })],
    ["that is closed", (world) => world.propose(REGRESSION, { state: "closed" })],
    ["that is gone", () => 404],
  ])("%s gets no check", async (_what, propose) => {
    const world = aJobWorld();
    await runGatePullRequest(aGateJob(propose(world)), aTurn(), world.deps);
    expect([...world.gitHub.checkList]).toEqual([]);
  });

  test("that is a draft is gated where the configuration says so", async () => {
    const world = aJobWorld({ files: { [CONFIG_PATH]: aConfigFile({ gate: { drafts: true } }) } });
    expect(await gate(world, world.propose(REGRESSION, { draft: true }))).toContain("blocking: failure");
  });

  test("that was answered is not run again for another event, and is for a person who may write", async () => {
    const world = aJobWorld();
    const number = world.propose(WORDING);
    await gate(world, number);
    expect(await gate(world, number, { kind: "reopened" })).toHaveLength(2);
    expect(await gate(world, number, aCommand("/incident-to-eval rerun", "wanda"))).toHaveLength(4);
    expect(world.records.gateRuns.kept.size).toBe(2);
  });

  test.each([
    ["a command", () => aCommand("/incident-to-eval rerun", "wanda")],
    ["a button", (headSha: string) => ({ kind: "rerun", actor: "olga", headSha }) as const],
    ["another base", () => ({ kind: "retargeted" }) as const],
  ])(
    "is paid and answered once for %s, also where the job is tried again after it",
    async (_what, causeOn) => {
      const world = aJobWorld();
      const number = world.propose(WORDING);
      await gate(world, number);
      const job = aGateJob(number, causeOn(headOf(world, number)));
      const turn = aTurn();
      await runGatePullRequest(job, turn, world.deps);
      await runGatePullRequest(job, { ...turn, attempt: 2 }, world.deps);
      await clearUpGatePullRequest(job, { kind: "fault", reference: "x" }, turn, world.deps);
      expect(world.checksOn(headOf(world, number))).toHaveLength(4);
      expect(world.records.gateRuns.kept.size).toBe(2);
      await runGatePullRequest(job, aTurn(), world.deps);
      expect(world.records.gateRuns.kept.size).toBe(3);
    },
  );

  test("is not run for a person who may not write", async () => {
    const world = aJobWorld();
    const number = world.propose(WORDING);
    expect(await gate(world, number, aCommand("/incident-to-eval run", "tom"))).toEqual([]);
    expect(world.gitHub.reactions).toEqual([{ comment: 9_001, reaction: "-1" }]);
  });

  test("whose checked commit is no longer the head is not run again for that commit", async () => {
    const world = aJobWorld();
    const number = world.propose(WORDING);
    const rerun = { kind: "rerun", actor: "olga", headSha: headOf(world, number) } as const;
    await world.push(number, REGRESSION);
    expect(await gate(world, number, rerun)).toEqual([]);
  });
});

describe("a head that nobody has seen", () => {
  /** What a job asks of GitHub until it shows the first check. */
  async function askedFirst(world: JobWorld, number: number, cause?: GateCause): Promise<readonly string[]> {
    const asked: string[] = [];
    const deps = { ...world.deps, connect: async () => noting(world.gitHub, asked) };
    await runGatePullRequest(aGateJob(number, cause), aTurn(), deps);
    return asked.slice(0, asked.indexOf("openCheck") + 1);
  }

  test("gets its checks before anything is read of a repository that was configured before", async () => {
    const world = aJobWorld();
    const first = await askedFirst(world, world.propose(WORDING));
    expect(first).toContain("fetchTree");
    const number = world.propose(REGRESSION);
    expect(await askedFirst(world, number)).toEqual(["fetchPullRequest", "openCheck"]);
    await world.push(number, WORDING);
    expect(await askedFirst(world, number, { kind: "synchronize" })).toEqual([
      "fetchPullRequest",
      "openCheck",
    ]);
    expect(world.checksOn(headOf(world, number))).toEqual(HELD);
  });

  test.each<[string, (world: JobWorld) => number]>([
    ["of a draft", (world) => world.propose(WORDING, { draft: true })],
    ["of a fork", (world) => world.propose(WORDING, { fromFork: true })],
  ])("%s is read first", async (_what, propose) => {
    const world = aJobWorld();
    await gate(world, world.propose(WORDING));
    expect(await askedFirst(world, propose(world))).not.toEqual(["fetchPullRequest", "openCheck"]);
  });

  test("of a repository that is not configured any more is let go of", async () => {
    const world = aJobWorld();
    await gate(world, world.propose(WORDING));
    const number = world.propose(REGRESSION);
    world.gitHub.git.commit(world.gitHub.defaultBranch, { [CONFIG_PATH]: undefined }, "olga");
    expect(await gate(world, number)).toEqual(CANCELLED);
  });
});

describe("the page of a run", () => {
  test("is kept under an address that stands in the checks", async () => {
    const world = aJobWorld();
    const number = world.propose(REGRESSION);
    await gate(world, number);
    const [page] = [...world.records.reportPages.kept.values()];
    const url = `https://evals.example.com/reports/${page?.id}`;
    const checks = [...world.gitHub.checkList.values()].filter(({ name }) => name !== CHECK_NAMES.guard);
    expect(checks.map(({ detailsUrl }) => detailsUrl)).toEqual([url, url]);
    for (const { summary } of checks) expect(summary).toContain(`[The whole report](${url}) (kept until`);
    expect(page).toMatchObject({ repo: A_REPO, html: expect.stringContaining("asks-first") });
    // The number of a run stands in its check, for all to see.
    expect(world.records.gateRuns.kept.has(page?.id ?? "")).toBe(false);
  });

  test.each<[string, FileChanges, Partial<JobWorld["deps"]>]>([
    ["nothing was run", { "README.md": "# Hello\n" }, {}],
    ["nobody said how the server is reached", REGRESSION, { publicUrl: undefined }],
  ])("is not kept where %s", async (_what, files, deps) => {
    const world = aJobWorld();
    const number = world.propose(files);
    await runGatePullRequest(aGateJob(number), aTurn(), { ...world.deps, ...deps });
    expect(world.records.reportPages.kept.size).toBe(0);
    for (const check of world.gitHub.checkList.values()) expect(check.summary).not.toContain("/reports/");
  });

  test("costs no answer where it cannot be kept", async () => {
    const world = aJobWorld();
    const number = world.propose(REGRESSION);
    const savePage = async () => {
      throw new ExternalFailure("the disk is full", { system: "database", retryable: true });
    };
    const reportPages = { ...world.records.reportPages, savePage };
    await runGatePullRequest(aGateJob(number), aTurn(), { ...world.deps, reportPages });
    expect(world.checksOn(headOf(world, number))).toEqual(REGRESSED);
  });
});

describe("a read that lags behind the event", () => {
  const pushedAt = new Date("2026-11-21T09:59:58Z");
  const cause = { kind: "synchronize", updatedAt: pushedAt.toISOString() } as const;
  const longAgo = new Date("2026-11-21T09:58:00Z");

  /** A pull request that was answered and then pushed to, as it was before and as it is now. */
  async function aPushedOne() {
    const world = aJobWorld();
    const number = world.propose(WORDING);
    await gate(world, number);
    const before = pullRequestOf(world.gitHub, number);
    await world.push(number, REGRESSION);
    world.change(number, { updatedAt: pushedAt });
    return { world, number, before, now: pullRequestOf(world.gitHub, number) };
  }

  test.each([
    { what: "the older head", isThere: true },
    { what: "no pull request", isThere: false },
  ])("and shows $what is repeated until the newer head can be answered", async ({ isThere }) => {
    const { world, number, before, now } = await aPushedOne();
    const { pullRequestList } = world.gitHub;
    if (isThere) pullRequestList.set(number, before);
    else pullRequestList.delete(number);
    await expect(runGatePullRequest(aGateJob(number, cause), aTurn(), world.deps)).rejects.toMatchObject({
      name: ExternalFailure.name,
      retryable: true,
      retryAfterMs: 3_000,
    });
    pullRequestList.set(number, now);
    expect(await gate(world, number, cause)).toEqual(REGRESSED);
  });

  test("for two minutes counts as it is", async () => {
    const { world, number, before, now } = await aPushedOne();
    const again = () => runGatePullRequest(aGateJob(number, cause), aTurn(longAgo), world.deps);
    world.gitHub.pullRequestList.delete(number);
    await again();
    world.gitHub.pullRequestList.set(number, before);
    await again();
    expect(world.checksOn(before.head.sha)).toEqual(HELD);
    expect(world.checksOn(now.head.sha)).toEqual([]);
  });
});

function unconfigured(world: JobWorld): number {
  world.gitHub.git.commit("main", { [CONFIG_PATH]: undefined }, "olga");
  return world.propose(REGRESSION);
}

describe("a newer head", () => {
  test("cancels the checks of the one that is running, and gets its own", async () => {
    const pushes: (() => Promise<string>)[] = [];
    const world = aJobWorld({
      model: async (request, signal) => {
        await pushes.pop()?.();
        return await REFUNDS_UNLESS_TOLD(request, signal);
      },
    });
    const number = world.propose(REGRESSION);
    const before = headOf(world, number);
    pushes.push(() => world.push(number, WORDING));
    await gate(world, number);
    expect(world.checksOn(before)).toEqual(CANCELLED);
    expect(await gate(world, number, { kind: "synchronize" })).toEqual(HELD);
  });

  test("closes the run that a crash left open on the older one", async () => {
    const world = aJobWorld();
    const number = world.propose(REGRESSION);
    const before = await crash(world, number);
    expect(world.checksOn(before)).toEqual(["blocking: in progress", "warning: in progress"]);
    await world.push(number, WORDING);
    await gate(world, number, { kind: "synchronize" });
    expect(world.checksOn(before)).toEqual(CANCELLED);
  });
});

/** Runs a gate that ends as a killed process does, with its checks in progress; answers the head. */
async function crash(world: JobWorld, number: number): Promise<string> {
  const crashing = { ...world.deps, heldFixtures: { ...world.deps.heldFixtures, searchHeld: killed } };
  await expect(runGatePullRequest(aGateJob(number), aTurn(), crashing)).rejects.toThrow("killed");
  return headOf(world, number);
}

async function killed(): Promise<never> {
  throw new Error("killed");
}

test("a run that was cut off is taken up: the same checks, the same run, one answer", async () => {
  const world = aJobWorld();
  const number = world.propose(REGRESSION);
  await crash(world, number);
  expect(await gate(world, number)).toEqual(REGRESSED);
  expect([...world.records.gateRuns.kept.keys()]).toEqual(["run-1"]);
});

test("an attempt that is over writes nothing more, and the next one takes its run up", async () => {
  const world = aJobWorld();
  const number = world.propose(WORDING);
  const over = new AbortController();
  const saveHeld = async () => over.abort(new Error("the time is over"));
  const deps = { ...world.deps, heldFixtures: { ...world.deps.heldFixtures, saveHeld } };
  const attempt = runGatePullRequest(aGateJob(number), { ...aTurn(), signal: over.signal }, deps);
  await expect(attempt).rejects.toThrow("the time is over");
  expect(world.checksOn(headOf(world, number))).toEqual(["blocking: in progress", "warning: in progress"]);
  expect(await gate(world, number)).toEqual(HELD);
});

test("a pull request that is closed while its gate runs leaves no check open", async () => {
  const world = aJobWorld();
  const number = world.propose(REGRESSION);
  const head = await crash(world, number);
  world.change(number, { state: "closed" });
  await runGatePullRequest(aGateJob(number, { kind: "closed" }), aTurn(), world.deps);
  expect(world.checksOn(head)).toEqual(CANCELLED);
});

test.each<[string, (world: JobWorld, number: number) => unknown, GateCause]>([
  ["has become a draft", (world, number) => world.change(number, { draft: true }), { kind: "opened" }],
  [
    "has lost its configuration",
    (world) => world.gitHub.git.commit("main", { [CONFIG_PATH]: undefined }, "olga"),
    { kind: "opened" },
  ],
  [
    "is asked about at another commit",
    () => undefined,
    { kind: "rerun", actor: "olga", headSha: "f".repeat(40) },
  ],
])("a run that was cut off is closed where its pull request %s", async (_what, happen, cause) => {
  const world = aJobWorld();
  const number = world.propose(REGRESSION);
  await crash(world, number);
  happen(world, number);
  expect(await gate(world, number, cause)).toEqual(CANCELLED);
});

test("a run whose result could not be told is told later, and nobody pays twice", async () => {
  let asked = 0;
  const world = aJobWorld({
    model: (request, signal) => {
      asked += 1;
      return REFUNDS_UNLESS_TOLD(request, signal);
    },
  });
  const number = world.propose(REGRESSION);
  const { updateCheck } = world.gitHub.checks;
  const checks = {
    ...world.gitHub.checks,
    updateCheck: async (id: number, check: CheckRun) => {
      if (check.state.kind === "completed") throw new Error("502");
      await updateCheck(id, check);
    },
  };
  const failing = { ...world.deps, connect: async () => ({ ...portsOf(world), checks }) };
  await expect(runGatePullRequest(aGateJob(number), aTurn(), failing)).rejects.toThrow("502");
  const paid = asked;
  expect(await gate(world, number)).toEqual(REGRESSED);
  expect(asked).toBe(paid);
});

function portsOf({ gitHub }: JobWorld): GitHub {
  const { repository, commits, proposals, issues, people, pullRequests, checks, openWork, releases } = gitHub;
  return { repository, commits, proposals, issues, people, pullRequests, checks, openWork, releases };
}

describe("a head that was answered is looked at again", () => {
  test("when its pull request was closed during a newer run and is opened again", async () => {
    const world = aJobWorld();
    const number = world.propose(WORDING);
    await gate(world, number);
    const rerun = { kind: "rerun", actor: "olga", headSha: headOf(world, number) } as const;
    const crashing = { ...world.deps, heldFixtures: { ...world.deps.heldFixtures, searchHeld: killed } };
    await expect(runGatePullRequest(aGateJob(number, rerun), aTurn(), crashing)).rejects.toThrow("killed");
    world.change(number, { state: "closed" });
    expect((await gate(world, number, { kind: "closed" })).slice(-2)).toEqual(CANCELLED);
    world.change(number, { state: "open" });
    expect((await gate(world, number, { kind: "reopened" })).slice(-2)).toEqual(HELD);
  });

  test.each<[string, FileChanges, number]>([
    ["a fixture", { "evals/golden/new.yml": aFixtureText({ id: "new" }) }, 4],
    ["the configuration", { [CONFIG_PATH]: aConfigFile({ gate: { unscoped: "all" } }) }, 4],
    ["something else", { "README.md": "# Hello\n" }, 2],
  ])("when %s has changed on the default branch: decided", async (_what, files, checks) => {
    const world = aJobWorld();
    const number = world.propose(WORDING);
    await gate(world, number);
    world.gitHub.git.commit("main", files, "olga");
    expect(await gate(world, number, { kind: "reopened" })).toHaveLength(checks);
  });
});

describe("a broken configuration on the default branch", () => {
  const BROKEN = { [CONFIG_PATH]: "version: 1\nagent: 3\n" };
  const other = { target: "anthropic" as const, model: "claude-sonnet-4-5", system: ["README.md"] };
  const RENAMED = { [CONFIG_PATH]: aConfigFile({ agents: { other } }), ...REGRESSION };

  test.each([
    { what: "repairs it and nothing else", files: { [CONFIG_PATH]: aConfigFile() }, blocking: "success" },
    { what: "leaves it as it is", files: WORDING, blocking: "success" },
    { what: "leaves it as it is and regresses the agent", files: REGRESSION, blocking: "failure" },
    { what: "repairs it, drops the agent and regresses it", files: RENAMED, blocking: "failure" },
  ])("is stood in for by the last one that could be used: a head that $what is a $blocking", async (row) => {
    const world = aJobWorld();
    await gate(world, world.propose(WORDING));
    world.gitHub.git.commit("main", BROKEN, "olga");
    const number = world.propose(row.files);
    expect(await gate(world, number)).toContain(`blocking: ${row.blocking}`);
    const [check] = [...world.gitHub.checkList.values()].filter(
      (one) => one.headSha === headOf(world, number),
    );
    expect(check?.summary).toContain("on the default branch cannot be used (");
  });

  test.each([
    { what: "repairs it", files: { [CONFIG_PATH]: aConfigFile() }, blocking: "success" },
    { what: "repairs it, drops the agent and regresses it", files: RENAMED, blocking: "failure" },
    { what: "leaves it as it is", files: WORDING, blocking: "failure" },
  ])("where none was known before, a head that $what is a $blocking", async ({ files, blocking }) => {
    const world = aJobWorld({ files: BROKEN });
    expect(await gate(world, world.propose(files))).toContain(`blocking: ${blocking}`);
  });
});

describe("what stands in the way", () => {
  test.each([
    { what: "a broken configuration at the head", files: { [CONFIG_PATH]: "version: 1\nagent: 3\n" } },
    { what: "an agent that cannot be read", files: { "agent/tools.json": "not JSON" } },
    { what: "a prompt that is gone", files: { [PROMPT]: undefined } },
  ])("$what fails the blocking check, and asks for action in the other", async ({ files }) => {
    const world = aJobWorld();
    expect(await gate(world, world.propose(files))).toEqual(NOT_RUN);
  });

  test("without a model key nothing can be run, which is no pass", async () => {
    const world = aJobWorld({ model: undefined });
    expect(await gate(world, world.propose(WORDING))).toContain("blocking: failure");
    expect(await gate(world, world.propose({ "README.md": "# Hello\n" }))).toContain("blocking: success");
  });
});

describe("a fork", () => {
  test("costs nothing until somebody with write access asks for a head that they could see", async () => {
    const world = aJobWorld();
    const number = world.propose(WORDING, { fromFork: true, author: "otto" });
    expect(await gate(world, number)).toContain("blocking: failure");
    expect(await gate(world, number, aCommand("/incident-to-eval run", "wanda"))).toContain(
      "blocking: success",
    );
    await world.push(number, REGRESSION);
    expect(await gate(world, number, aCommand("/incident-to-eval run", "wanda"))).toContain(
      "warning: action_required",
    );
  });

  test("whose button is pressed by somebody without write access costs nothing", async () => {
    const world = aJobWorld();
    const number = world.propose(WORDING, { fromFork: true });
    await gate(world, number);
    const rerun = { kind: "rerun", actor: "otto", headSha: headOf(world, number) } as const;
    expect(await gate(world, number, rerun)).not.toContain("blocking: success");
  });

  test("stays approved for that commit, whatever happens elsewhere, and no longer than until the next push", async () => {
    const world = aJobWorld();
    const number = world.propose(WORDING, { fromFork: true, author: "otto" });
    await gate(world, number);
    await gate(world, number, aCommand("/incident-to-eval run", "wanda"));
    world.gitHub.git.commit("main", { "evals/golden/new.yml": aFixtureText({ id: "new" }) }, "olga");
    expect((await gate(world, number, { kind: "reconcile" })).slice(-3)).toContain("blocking: success");
    await world.push(number, { [PROMPT]: `${CAREFUL}Hello.\n` });
    expect(await gate(world, number, { kind: "reconcile" })).toContain("blocking: failure");
  });

  test("whose approval by one pull request says nothing of another on the same commit", async () => {
    const world = aJobWorld();
    const first = world.propose(WORDING, { fromFork: true, author: "otto" });
    const { head } = pullRequestOf(world.gitHub, first);
    await gate(world, first);
    await gate(world, first, aCommand("/incident-to-eval run", "wanda"));
    const second = world.propose(WORDING, { fromFork: true, author: "otto" });
    world.change(second, { head });
    await gate(world, second);
    const runs = await world.records.gateRuns.searchByPullRequest(A_REPO, second);
    expect(runs).toMatchObject([{ approved: false, result: { obstacle: { kind: "fork" } } }]);
  });

  test("is read through this repository: while that names another head, the job is tried again, for a while", async () => {
    const world = aJobWorld();
    const number = world.propose(WORDING, { fromFork: true });
    world.gitHub.headRefs.set(number, "0".repeat(40));
    await expect(runGatePullRequest(aGateJob(number), aTurn(), world.deps)).rejects.toMatchObject({
      retryable: true,
      retryAfterMs: 3_000,
    });
    const longAgo = new Date("2026-11-21T09:00:00Z");
    await runGatePullRequest(aGateJob(number), aTurn(longAgo), world.deps);
    expect(world.checksOn(headOf(world, number))).toContain("blocking: failure");
  });
});

describe("an outage of the model provider", () => {
  const failing = async () => {
    throw anOutage();
  };

  test.each([
    { cause: { kind: "opened" }, next: { retry: 1, minutes: 5 } },
    { cause: { kind: "outage", retry: 1 }, next: { retry: 2, minutes: 15 } },
    { cause: { kind: "outage", retry: 2 }, next: { retry: 3, minutes: 60 } },
    { cause: { kind: "outage", retry: 3 }, next: undefined },
  ] as const)("after $cause is tried again as $next", async ({ cause, next }) => {
    const world = aJobWorld({ model: failing });
    const number = world.propose(WORDING);
    const headSha = headOf(world, number);
    if (cause.kind === "outage") await gate(world, number);
    world.queued.length = 0;
    const checks = await gate(world, number, cause.kind === "outage" ? { ...cause, headSha } : cause);
    expect(checks.slice(-2)).toEqual(REGRESSED);
    const expected = next === undefined ? [] : [{ kind: "outage", retry: next.retry, headSha }];
    expect(world.queued.map(({ job }) => "cause" in job && job.cause)).toEqual(expected);
    for (const { at } of world.queued) {
      const minutes = (Date.parse(at ?? "") - Date.parse("2026-11-21T10:00:00Z")) / 60_000;
      expect(Math.floor(minutes)).toBe(next?.minutes);
    }
  });

  test("is not looked at again where another run has decided meanwhile", async () => {
    let isDown = true;
    const world = aJobWorld({
      model: (request, signal) => (isDown ? failing() : REFUNDS_UNLESS_TOLD(request, signal)),
    });
    const number = world.propose(WORDING);
    const outage = { kind: "outage", retry: 1, headSha: headOf(world, number) } as const;
    await gate(world, number);
    isDown = false;
    await gate(world, number, aCommand("/incident-to-eval rerun", "wanda"));
    expect(await gate(world, number, outage)).toHaveLength(4);
  });

  test("is not waited for where a fixture failed all the same and nothing is left undecided", async () => {
    const world = aJobWorld();
    await gate(world, world.propose(REGRESSION));
    expect(world.queued).toEqual([]);
  });
});

describe("what held on the baseline", () => {
  const NEW = { "evals/golden/new.yml": aFixtureText({ id: "new" }) };

  test("must hold from now on, unless the pull request itself brings it", async () => {
    const world = aJobWorld();
    await gate(world, world.propose({ ...REGRESSION, ...NEW }));
    expect((await world.records.heldFixtures.searchHeld(A_REPO)).map(({ fixtureId }) => fixtureId)).toEqual([
      "asks-first",
    ]);
  });

  test("is not noted where the base is another branch than the default one", async () => {
    const world = aJobWorld({ files: { [CONFIG_PATH]: aConfigFile({ gate: { bases: ["release"] } }) } });
    world.gitHub.git.branches.set("release", world.gitHub.git.branches.get("main") ?? "");
    const base = { branch: "release", sha: "" };
    expect(await gate(world, world.propose(REGRESSION, { base }))).toContain("blocking: failure");
    expect(await world.records.heldFixtures.searchHeld(A_REPO)).toEqual([]);
  });
});

describe("a job that was given up", () => {
  const fault = { kind: "outage", system: "github", message: "GitHub was down" } as const;

  test("closes both checks as failed, the ones that it had begun", async () => {
    const world = aJobWorld();
    const number = world.propose(WORDING);
    await crash(world, number);
    await clearUpGatePullRequest(aGateJob(number), fault, aTurn(), world.deps);
    expect(world.checksOn(headOf(world, number))).toEqual(NOT_RUN);
  });

  test("posts both checks where none was begun", async () => {
    const world = aJobWorld();
    const number = world.propose(WORDING);
    await clearUpGatePullRequest(aGateJob(number), fault, aTurn(), world.deps);
    expect(world.checksOn(headOf(world, number))).toEqual(NOT_RUN);
  });

  test.each([
    { line: "/incident-to-eval help", actor: "otto", posted: [] },
    { line: "/incident-to-eval run", actor: "wanda", posted: NOT_RUN },
  ])("that began with $line posts $posted where no run was begun", async ({ line, actor, posted }) => {
    const world = aJobWorld();
    const number = world.propose(WORDING);
    await clearUpGatePullRequest(aGateJob(number, aCommand(line, actor)), fault, aTurn(), world.deps);
    expect(world.checksOn(headOf(world, number))).toEqual(posted);
  });

  test.each<[string, (world: JobWorld, number: number) => GateCause]>([
    ["was about another commit", () => ({ kind: "rerun", actor: "olga", headSha: "f".repeat(40) })],
    [
      "was a button of another kind",
      (world, number) => ({
        kind: "action",
        actor: "olga",
        action: "override",
        headSha: headOf(world, number),
      }),
    ],
    ["asked for help", () => aCommand("/incident-to-eval help", "otto")],
  ])("that %s leaves alone what is running", async (_what, cause) => {
    const world = aJobWorld();
    const number = world.propose(WORDING);
    await crash(world, number);
    await clearUpGatePullRequest(aGateJob(number, cause(world, number)), fault, aTurn(), world.deps);
    expect(world.checksOn(headOf(world, number))).toEqual(["blocking: in progress", "warning: in progress"]);
  });

  test.each<[string, (world: JobWorld) => number]>([
    ["of a repository without configuration", (world) => unconfigured(world)],
    ["that is a draft", (world) => world.propose(REGRESSION, { draft: true })],
  ])("begins nothing on a pull request %s", async (_what, propose) => {
    const world = aJobWorld();
    await clearUpGatePullRequest(aGateJob(propose(world)), fault, aTurn(), world.deps);
    expect([...world.gitHub.checkList]).toEqual([]);
  });

  test("after an outage of the provider begins nothing", async () => {
    const world = aJobWorld();
    const number = world.propose(WORDING);
    const cause: GateCause = { kind: "outage", retry: 1, headSha: headOf(world, number) };
    await clearUpGatePullRequest(aGateJob(number, cause), fault, aTurn(), world.deps);
    expect([...world.gitHub.checkList]).toEqual([]);
  });

  test("says so on a pull request that a sweep found without any run", async () => {
    const world = aJobWorld();
    const number = world.propose(WORDING);
    await clearUpGatePullRequest(aGateJob(number, { kind: "reconcile" }), fault, aTurn(), world.deps);
    expect(world.checksOn(headOf(world, number))).toEqual(NOT_RUN);
  });

  test("leaves alone what was answered by the time that a sweep came to it", async () => {
    const world = aJobWorld();
    const number = world.propose(WORDING);
    const answered = await gate(world, number);
    await clearUpGatePullRequest(aGateJob(number, { kind: "reconcile" }), fault, aTurn(), world.deps);
    expect(world.checksOn(headOf(world, number))).toEqual(answered);
  });

  test("says nothing on a pull request that is closed or gone", async () => {
    const world = aJobWorld();
    const number = world.propose(WORDING, { state: "closed" });
    await clearUpGatePullRequest(aGateJob(number), fault, aTurn(), world.deps);
    await clearUpGatePullRequest(aGateJob(404), fault, aTurn(), world.deps);
    expect([...world.gitHub.checkList]).toEqual([]);
  });
});
