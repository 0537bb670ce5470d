import { describe, expect, test } from "@jest/globals";
import { type EvaluationOrder, evaluatePullRequest } from "../../../src/app/jobs/evaluate-pull-request.ts";
import { readPullRequest } from "../../../src/app/jobs/read-pull-request.ts";
import type { AskModel } from "../../../src/core/agent/chat.ts";
import { CONFIG_PATH } from "../../../src/core/config/config.ts";
import type { FileChanges } from "../../build/fake-git.ts";
import {
  A_REPO,
  aConfigFile,
  aFixtureText,
  aJobWorld,
  CAREFUL,
  CARELESS,
  type JobWorld,
  PROMPT,
  pullRequestOf,
  REFUNDS_UNLESS_TOLD,
  type WorldChanges,
} from "../../build/job-world.ts";
import { anOutage } from "../../build/models.ts";

const BROKEN = "version: 1\nagent: 3\n";
const BROKEN_ELSE = "version: 2\n";

async function evaluate(world: JobWorld, number: number, change: Partial<EvaluationOrder> = {}) {
  const { repository } = world.gitHub;
  const pullRequest = pullRequestOf(world.gitHub, number);
  const commits = await readPullRequest(repository, A_REPO, pullRequest, world.deps);
  if (commits.kind === "not_configured") throw new Error("the repository is not configured");
  return await evaluatePullRequest({
    repo: A_REPO,
    pullRequest,
    commits,
    mayPay: true,
    reusesTrials: true,
    repository,
    signal: new AbortController().signal,
    supersededBy: async () => undefined,
    onProgress: async () => undefined,
    deps: world.deps,
    ...change,
  });
}

/** Everything takes long enough that people are told how far it is. */
function slowly({ deps }: JobWorld): JobWorld["deps"] {
  let ms = 0;
  return { ...deps, elapsedMs: () => (ms += 5_000) };
}

async function evaluated(files: FileChanges, changes: WorldChanges = {}) {
  const world = aJobWorld(changes);
  return await evaluate(world, world.propose(files));
}

describe("a configuration", () => {
  test.each([
    { main: aConfigFile(), head: BROKEN, at: "head" },
    { main: BROKEN, head: BROKEN, at: "default_branch" },
    { main: BROKEN, head: BROKEN_ELSE, at: "head" },
    { main: BROKEN, head: undefined, at: "head" },
    { main: BROKEN, head: aConfigFile(), at: undefined },
    { main: aConfigFile(), head: undefined, at: "head" },
  ])("that is $main on the default branch and $head at the head is broken at $at", async (row) => {
    const evaluation = await evaluated(
      { [CONFIG_PATH]: row.head, "README.md": "# Changed\n" },
      { files: { [CONFIG_PATH]: row.main } },
    );
    const obstacle = evaluation.kind === "obstacle" ? evaluation.obstacle : undefined;
    expect(obstacle?.kind).toBe(row.at === undefined ? undefined : "configuration");
    expect(obstacle?.kind === "configuration" ? obstacle.at : undefined).toBe(row.at);
  });

  test("that the head repairs judges it: what the agent does still counts", async () => {
    const files = { [CONFIG_PATH]: aConfigFile(), [PROMPT]: CARELESS };
    const evaluation = await evaluated(files, { files: { [CONFIG_PATH]: BROKEN } });
    expect(evaluation).toMatchObject({ report: { conclusions: { blocking: "failure" } } });
  });
});

describe("a fixture", () => {
  const path = "evals/golden/asks-first.yml";

  test.each([
    ["removes", undefined],
    ["makes weaker", aFixtureText({ level: "exploratory" })],
    ["breaks", "id: asks-first\nagent: refund\n"],
  ])("that the head %s still protects in its base version", async (_what, text) => {
    const evaluation = await evaluated({ [path]: text, [PROMPT]: CARELESS });
    expect(evaluation).toMatchObject({ report: { conclusions: { blocking: "failure" } } });
  });

  test("that the default branch got meanwhile protects too", async () => {
    const world = aJobWorld({ files: { [path]: undefined } });
    const number = world.propose({ [PROMPT]: CARELESS });
    world.gitHub.git.commit("main", { [path]: aFixtureText() }, "olga");
    const evaluation = await evaluate(world, number);
    expect(evaluation).toMatchObject({ report: { conclusions: { blocking: "failure" } } });
  });
});

test.each([
  { what: "a fork that nobody approved", files: { [PROMPT]: CARELESS }, mayPay: false, stands: "fork" },
  { what: "a fork that changes nothing relevant", files: {}, mayPay: false, stands: undefined },
  { what: "a head that may cost money", files: { [PROMPT]: CARELESS }, mayPay: true, stands: undefined },
])("$what meets the obstacle $stands", async ({ files, mayPay, stands }) => {
  const world = aJobWorld();
  const evaluation = await evaluate(world, world.propose(files), { mayPay });
  expect(evaluation.kind === "obstacle" ? evaluation.obstacle.kind : undefined).toBe(stands);
});

test("a head that was overtaken comes to nothing, by whatever it was overtaken", async () => {
  const world = aJobWorld();
  const number = world.propose({ [PROMPT]: CARELESS });
  expect(await evaluate(world, number, { supersededBy: async () => "closed" })).toEqual({
    kind: "superseded",
    newHead: "closed",
  });
});

describe("a head whose run begins anew", () => {
  /** A world whose model's requests are counted, and an evaluation of a careless head in it. */
  function aCountedWorld() {
    const counted = { requests: 0 };
    const model: AskModel = async (request, signal) => {
      counted.requests += 1;
      return await REFUNDS_UNLESS_TOLD(request, signal);
    };
    const world = aJobWorld({ model });
    return { counted, world, number: world.propose({ [PROMPT]: CARELESS }) };
  }

  test("comes to the same and costs nothing again", async () => {
    const { counted, world, number } = aCountedWorld();
    const first = await evaluate(world, number);
    const paid = counted.requests;
    const again = await evaluate(world, number);
    expect(paid).toBeGreaterThan(0);
    expect(counted.requests).toBe(paid);
    const verdicts = [{ verdict: "regressed" }];
    expect(first).toMatchObject({ report: { verdicts } });
    expect(again).toMatchObject({ report: { verdicts, costUsd: 0 } });
  });

  test("is run again where somebody asked for it, or where there is a newer head", async () => {
    const { counted, world, number } = aCountedWorld();
    await evaluate(world, number);
    const paid = counted.requests;
    await evaluate(world, number, { reusesTrials: false });
    expect(counted.requests).toBe(2 * paid);
    await world.push(number, { "README.md": "# Changed\n" });
    await evaluate(world, number);
    expect(counted.requests).toBe(3 * paid);
  });
});

describe("GitHub, while the suite runs,", () => {
  const away = async (): Promise<never> => {
    throw anOutage();
  };

  test("may fail to show progress: the suite goes on to its end", async () => {
    const world = aJobWorld();
    const number = world.propose({ [PROMPT]: CARELESS });
    expect(await evaluate(world, number, { onProgress: away, deps: slowly(world) })).toMatchObject({
      outage: false,
      report: { conclusions: { blocking: "failure" }, verdicts: [{ verdict: "regressed" }] },
    });
  });

  test("may fail to say whether the head is current: no trial is lost, and it is asked for certain at the end", async () => {
    const world = aJobWorld();
    const number = world.propose({ [PROMPT]: CARELESS });
    let looks = 0;
    const supersededBy = async () => {
      looks += 1;
      return looks === 1 ? await away() : undefined;
    };
    expect(await evaluate(world, number, { supersededBy })).toMatchObject({
      outage: false,
      report: { verdicts: [{ verdict: "regressed" }] },
    });
    await expect(evaluate(world, number, { supersededBy: away })).rejects.toThrow("overloaded");
  });

  test("is not blamed for a bug of ours", async () => {
    const world = aJobWorld();
    const number = world.propose({ [PROMPT]: CARELESS });
    const onProgress = async () => {
      throw new TypeError("undefined is not a function");
    };
    await expect(evaluate(world, number, { onProgress, deps: slowly(world) })).rejects.toThrow(TypeError);
  });
});

test("an attempt that is over for the queue answers nothing", async () => {
  const world = aJobWorld();
  const number = world.propose({ [PROMPT]: CARELESS });
  const signal = AbortSignal.abort(new Error("too late"));
  await expect(evaluate(world, number, { signal })).rejects.toThrow("too late");
});

describe("at the limits of GitHub's lists", () => {
  const MANY = Object.fromEntries(Array.from({ length: 3_500 }, (_, at) => [`docs/${at}.md`, `# ${at}\n`]));
  const OTHER = { "evals/golden/other.yml": aFixtureText({ id: "other", agent: "refund", gates: [] }) };

  test.each<[string, FileChanges, readonly string[]]>([
    [
      "changes more files than GitHub lists, and the prompt among them",
      { ...MANY, [PROMPT]: CARELESS },
      ["asks-first"],
    ],
    ["changes as many and nothing of the agent", MANY, []],
  ])("a pull request that %s runs what protects what changed", async (_what, files, ran) => {
    const evaluation = await evaluated(files, { files: OTHER });
    const verdicts = evaluation.kind === "evaluated" ? evaluation.report.verdicts : [];
    expect(verdicts.map(({ file }) => file.fixture.id)).toEqual(ran);
  });

  test.each(["head", "base"])(
    "everything runs where the tree of the %s cannot be listed whole",
    async (side) => {
      const world = aJobWorld({ files: OTHER });
      const number = world.propose({ "README.md": "# Hi\n" });
      const { head, base } = pullRequestOf(world.gitHub, number);
      const cut = side === "head" ? head.sha : base.sha;
      const { repository } = world.gitHub;
      const { fetchTree } = repository;
      const cutting = {
        ...repository,
        fetchTree: async (commit: string) => ({ ...(await fetchTree(commit)), truncated: commit === cut }),
      };
      const pullRequest = pullRequestOf(world.gitHub, number);
      const commits = await readPullRequest(cutting, A_REPO, pullRequest, world.deps);
      if (commits.kind === "not_configured") throw new Error("the repository is not configured");
      const evaluation = await evaluate(world, number, { commits, repository: cutting });
      expect(evaluation).toMatchObject({
        report: {
          plan: { everythingBecause: expect.stringContaining("more files than could be listed") },
          verdicts: [expect.anything(), expect.anything()],
        },
      });
    },
  );

  test.each([
    { what: "reverts the fix", files: { [PROMPT]: CARELESS }, conclusion: "failure" },
    {
      what: "reverts the fix together with its fixture",
      files: { [PROMPT]: CARELESS, "evals/golden/asks-first.yml": undefined },
      conclusion: "failure",
    },
    { what: "reverts a wording", files: { [PROMPT]: `${CAREFUL}Be kind.\n` }, conclusion: "success" },
  ])("a revert that $what: $conclusion", async ({ files, conclusion }) => {
    const evaluation = await evaluated(files);
    expect(evaluation).toMatchObject({ report: { conclusions: { blocking: conclusion } } });
  });
});
