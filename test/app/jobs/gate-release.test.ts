import { describe, expect, test } from "@jest/globals";
import { askReleasesAgain } from "../../../src/app/jobs/ask-releases-again.ts";
import { clearUpGateRelease, runGateRelease } from "../../../src/app/jobs/gate-release.ts";
import type { GateRelease } from "../../../src/app/jobs/job.ts";
import { CONFIG_PATH } from "../../../src/core/config/config.ts";
import type { FileChanges } from "../../build/fake-git.ts";
import {
  A_REPO,
  aConfigFile,
  aFixtureText,
  aJobWorld,
  aTurn,
  CAREFUL,
  CARELESS,
  type JobWorld,
  PROMPT,
  REFUNDS_UNLESS_TOLD,
  type WorldChanges,
} from "../../build/job-world.ts";
import { anOutage } from "../../build/models.ts";

const PLACE = { installationId: 77, owner: "acme", repo: "support-agent" };
const RUN_ID = 30_433_642;
const KNOWN = "evals/incidents/known.yml";
/** A fixture that no agent here passes. */
const UNRESOLVED = aFixtureText({
  id: "known",
  issue: 42,
  owner: "@acme/payments",
  expect: { output: { must_contain: ["voucher"] } },
});

/** A commit that a workflow wants to deploy to production, and waits. */
function aRelease(world: JobWorld, sha: string, more: Partial<GateRelease> = {}): GateRelease {
  world.gitHub.releases.waiting.push({ runId: RUN_ID, environment: "production" });
  return {
    kind: "gate-release",
    ...PLACE,
    runId: RUN_ID,
    environment: "production",
    deploymentId: 9,
    sha,
    ref: "main",
    url: "https://github.example/acme/support-agent",
    cause: { kind: "requested" },
    ...more,
  };
}

function tipOf({ gitHub }: JobWorld): string {
  return gitHub.git.branches.get("main") ?? "";
}

function deploy(world: JobWorld, sha: string): void {
  world.gitHub.releases.deployed.unshift({ deploymentId: 8, sha, environment: "production" });
}

/** What GitHub was told last of the release. */
function answerOf({ gitHub }: JobWorld) {
  return gitHub.releases.said.findLast(({ state }) => state !== undefined);
}

/** Deploys `main`, then wants to deploy a commit with these changes on top of it. */
async function released(files: FileChanges, changes: WorldChanges = {}) {
  const world = aJobWorld(changes);
  deploy(world, tipOf(world));
  const sha = world.gitHub.git.commit("main", files, "olga");
  await runGateRelease(aRelease(world, sha), aTurn(), world.deps);
  return { world, sha };
}

describe("a release", () => {
  test.each<[string, FileChanges, string, RegExp]>([
    ["keeps what the agent does", { [PROMPT]: `${CAREFUL}Be kind.\n` }, "approved", /1 of 1 fixture passes/],
    ["changes nothing of the agent", { "README.md": "# Hi\n" }, "approved", /The baseline is/],
    ["makes the agent refund at once", { [PROMPT]: CARELESS }, "rejected", /`asks-first`.*regressed/],
    [
      "has a failure that nobody ever mended",
      { [KNOWN]: UNRESOLVED },
      "rejected",
      /`known`, from #42,.*unresolved/,
    ],
    [
      "has a fixture that nobody can read",
      { [KNOWN]: "id: known\nagent: refund\n" },
      "rejected",
      /cannot be read/,
    ],
    [
      "breaks its configuration",
      { [CONFIG_PATH]: "version: 7\n" },
      "rejected",
      /configuration has 2 problems|configuration has/,
    ],
  ])("that %s", async (_what, files, state, said) => {
    const { world } = await released(files);
    const answer = answerOf(world);
    expect(answer).toMatchObject({ state, comment: expect.stringMatching(said) });
    expect((answer?.comment ?? "").length).toBeLessThanOrEqual(1_024);
  });

  test("runs every fixture, as often as a release asks for, whatever changed", async () => {
    let trials = 0;
    const files = {
      [CONFIG_PATH]: aConfigFile({ gate: { trials: { release: 7 } } }),
      "evals/fast.yml": aFixtureText({ id: "fast", tier: "fast", gates: [] }),
      "evals/safety.yml": aFixtureText({ id: "safety", tier: "safety" }),
    };
    const { world } = await released(
      { "README.md": "# Hi\n" },
      {
        files,
        model: (request, signal) => {
          trials += request.turns.length === 1 ? 1 : 0;
          return REFUNDS_UNLESS_TOLD(request, signal);
        },
      },
    );
    expect(answerOf(world)).toMatchObject({ state: "approved" });
    expect(trials).toBe(3 * 7 * 2);
  });

  test("to an environment where nothing was deployed is judged alone, and that is said", async () => {
    const world = aJobWorld();
    await runGateRelease(aRelease(world, tipOf(world)), aTurn(), world.deps);
    expect(answerOf(world)).toMatchObject({
      state: "approved",
      comment: expect.stringContaining("No commit is known to be deployed to `production`"),
    });
  });

  test("that mends what the deployed agent does wrong is approved: a fix that shipped before its fixture", async () => {
    const world = aJobWorld({ files: { [PROMPT]: CARELESS } });
    deploy(world, tipOf(world));
    const fixed = world.gitHub.git.commit("main", { [PROMPT]: CAREFUL }, "olga");
    await runGateRelease(aRelease(world, fixed), aTurn(), world.deps);
    expect(answerOf(world)).toMatchObject({ state: "approved" });
    const report = [...world.gitHub.checkList.values()][0];
    expect(report).toMatchObject({ name: "incident-to-eval / release", headSha: fixed });
    expect(report?.summary).toContain("fixed");
  });

  test("of a commit that lacks a fixture of the default branch is held by it all the same", async () => {
    const world = aJobWorld();
    const old = tipOf(world);
    deploy(world, old);
    world.gitHub.git.commit("main", { [KNOWN]: UNRESOLVED }, "olga");
    await runGateRelease(aRelease(world, old), aTurn(), world.deps);
    expect(answerOf(world)).toMatchObject({ state: "rejected" });
  });

  test.each<[string, (world: JobWorld) => Partial<GateRelease>, RegExp]>([
    ["whose commit GitHub does not name", () => ({ sha: undefined }), /did not say which commit/],
    ["of a commit of elsewhere", () => ({ sha: "f".repeat(40) }), /shows no commit `fffffff`/],
    [
      "of a repository without configuration",
      (world) => {
        const sha = world.gitHub.git.commit("main", { [CONFIG_PATH]: undefined }, "olga");
        return { sha };
      },
      /has no `.github\/incident-to-eval.yml`/,
    ],
  ])("%s is rejected", async (_what, change, said) => {
    const world = aJobWorld();
    const release = aRelease(world, tipOf(world));
    await runGateRelease({ ...release, ...change(world) }, aTurn(), world.deps);
    const answer = answerOf(world);
    expect(answer).toMatchObject({ state: "rejected", comment: expect.stringMatching(said) });
    expect(answer?.comment).toMatch(/Who has to act/);
  });

  test("without a model key is rejected, with who has to act", async () => {
    const { world } = await released({ "README.md": "# Hi\n" }, { model: undefined });
    expect(answerOf(world)).toMatchObject({
      state: "rejected",
      comment: expect.stringContaining("**Who has to act:** whoever operates the app"),
    });
  });

  test("is answered once, whatever comes twice, and anew where its workflow is started again", async () => {
    const world = aJobWorld();
    const release = aRelease(world, tipOf(world));
    const turn = aTurn();
    await runGateRelease(release, turn, world.deps);
    await runGateRelease(release, turn, world.deps);
    const answers = () => world.gitHub.releases.said.filter(({ state }) => state !== undefined);
    expect(answers()).toHaveLength(1);
    world.gitHub.releases.waiting.push({ runId: RUN_ID, environment: "production" });
    await runGateRelease(release, aTurn(), world.deps);
    expect(answers()).toHaveLength(2);
  });

  test("that waits no more is let go of", async () => {
    const world = aJobWorld();
    const release = aRelease(world, tipOf(world));
    world.gitHub.releases.waiting.length = 0;
    await runGateRelease(release, aTurn(), world.deps);
    const [run] = world.standalone.standaloneRuns.kept.values();
    expect(run).toMatchObject({ state: "completed", result: { said: "not_waiting" } });
  });

  test("whose evaluation was given up is rejected", async () => {
    const world = aJobWorld();
    const release = aRelease(world, tipOf(world));
    const obstacle = { kind: "outage", system: "GitHub", message: "it is down" } as const;
    await clearUpGateRelease(release, obstacle, aTurn(), world.deps);
    expect(answerOf(world)).toMatchObject({
      state: "rejected",
      comment: expect.stringContaining("GitHub does not answer"),
    });
  });

  test("says how far it is a few times, and never so often that GitHub refuses", async () => {
    const many = Object.fromEntries(
      Array.from({ length: 12 }, (_, at) => [`evals/${at}.yml`, aFixtureText({ id: `f-${at}` })]),
    );
    let ms = 0;
    let requests = 0;
    const world = aJobWorld({
      files: many,
      model: async (request, signal) => {
        requests += 1;
        for (let turn = 0; turn < requests; turn += 1) await new Promise(setImmediate);
        return await REFUNDS_UNLESS_TOLD(request, signal);
      },
    });
    const deps = { ...world.deps, elapsedMs: () => (ms += 10_000) };
    await runGateRelease(aRelease(world, tipOf(world)), aTurn(), deps);
    const reports = world.gitHub.releases.said.filter(({ state }) => state === undefined);
    expect(reports.length).toBeGreaterThan(1);
    expect(reports.length).toBeLessThanOrEqual(3);
    expect(reports[0]?.comment).toMatch(/^Running every fixture on/);
  });
});

describe("a provider that does not answer", () => {
  const away = async () => {
    throw anOutage();
  };

  test("is asked again after 5, 15 and 60 minutes while the release waits, then the release is rejected", async () => {
    const world = aJobWorld({ model: away });
    let release = aRelease(world, tipOf(world));
    const minutes: number[] = [];
    for (let asked = 0; asked < 3; asked += 1) {
      await runGateRelease(release, aTurn(), world.deps);
      expect(answerOf(world)).toBeUndefined();
      const next = world.queued.at(-1);
      if (next?.job.kind !== "gate-release") throw new Error("nothing was asked for again");
      minutes.push(Math.floor((Date.parse(next.at ?? "") - Date.parse("2026-11-21T10:00:00Z")) / 60_000));
      release = next.job;
    }
    expect(minutes).toEqual([5, 15, 60]);
    await runGateRelease(release, aTurn(), world.deps);
    expect(world.queued).toHaveLength(3);
    expect(answerOf(world)).toMatchObject({ state: "rejected" });
  });

  test("is not waited for where the answer is known", async () => {
    const world = aJobWorld({
      files: { [KNOWN]: UNRESOLVED },
      model: (request, signal) =>
        request.system.join().includes("voucher") ? away() : REFUNDS_UNLESS_TOLD(request, signal),
    });
    await runGateRelease(aRelease(world, tipOf(world)), aTurn(), world.deps);
    expect(answerOf(world)).toMatchObject({ state: "rejected" });
    expect(world.queued).toEqual([]);
  });

  test("and a release that was answered meanwhile is not looked at again", async () => {
    const world = aJobWorld();
    const release = aRelease(world, tipOf(world), { cause: { kind: "outage", retry: 1 } });
    await runGateRelease(release, aTurn(), world.deps);
    expect(world.gitHub.releases.said).toEqual([]);
  });
});

describe("an override of a release", () => {
  const override = (headSha: string, days: number) =>
    ({
      kind: "release_override",
      id: `override-${headSha}`,
      repo: A_REPO,
      actor: "olga",
      as: "@acme/release-authority",
      reason: "The voucher service is switched off until Monday.",
      at: new Date("2026-11-21T09:00:00Z"),
      issue: 42,
      headSha,
      expiresAt: new Date(Date.UTC(2026, 10, 21 + days)),
    }) as const;

  test.each([
    { what: "lets its commit through", days: 3, isSame: true, state: "approved" },
    { what: "that has ended lets nothing through", days: -3, isSame: true, state: "rejected" },
    { what: "of another commit lets nothing through", days: 3, isSame: false, state: "rejected" },
  ])("$what", async ({ days, isSame, state }) => {
    const world = aJobWorld({ files: { [KNOWN]: UNRESOLVED } });
    const sha = tipOf(world);
    await world.deps.decisions.saveDecision(override(isSame ? sha : "f".repeat(40), days));
    await runGateRelease(aRelease(world, sha), aTurn(), world.deps);
    expect(answerOf(world)).toMatchObject({ state });
    const reason = expect.stringContaining("The voucher service is switched off until Monday.");
    if (state === "approved") expect(answerOf(world)).toMatchObject({ comment: reason });
  });

  test("reaches a release that waits for its provider", async () => {
    const world = aJobWorld({
      model: async () => {
        throw anOutage();
      },
    });
    const sha = tipOf(world);
    await runGateRelease(aRelease(world, sha), aTurn(), world.deps);
    await world.deps.decisions.saveDecision(override(sha, 3));
    expect(await askReleasesAgain(A_REPO, sha, world.deps)).toBe(1);
    const asked = world.queued.at(-1)?.job;
    if (asked?.kind !== "gate-release") throw new Error("nothing was asked for again");
    expect(asked.cause).toEqual({ kind: "overridden" });
    await runGateRelease(asked, aTurn(), world.deps);
    expect(answerOf(world)).toMatchObject({ state: "approved" });
    expect(await askReleasesAgain(A_REPO, sha, world.deps)).toBe(0);
  });

  test("that is given while the suite runs counts", async () => {
    const world = aJobWorld({
      files: { [KNOWN]: UNRESOLVED },
      model: async (request, signal) => {
        await world.deps.decisions.saveDecision(override(sha, 3));
        return await REFUNDS_UNLESS_TOLD(request, signal);
      },
    });
    const sha = tipOf(world);
    await runGateRelease(aRelease(world, sha), aTurn(), world.deps);
    expect(answerOf(world)).toMatchObject({ state: "approved" });
  });
});
