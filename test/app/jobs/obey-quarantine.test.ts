import { expect, test } from "@jest/globals";
import { runGatePullRequest } from "../../../src/app/jobs/gate-pull-request.ts";
import type { GateCause } from "../../../src/app/jobs/job.ts";
import type { AskModel } from "../../../src/core/agent/chat.ts";
import { CONFIG_PATH } from "../../../src/core/config/config.ts";
import {
  A_REPO,
  aCommand,
  aConfigFile,
  aFixtureText,
  aGateJob,
  aJobWorld,
  aTurn,
  CAREFUL,
  type JobWorld,
  PROMPT,
  pullRequestOf,
} from "../../build/job-world.ts";
import { calls, says } from "../../build/models.ts";

const WORDING = { [PROMPT]: `${CAREFUL}Be kind.\n` };
const QUARANTINE = "/incident-to-eval quarantine asks-first it depends on the weather";
const DAY_MS = 24 * 60 * 60 * 1_000;

/** Asks first every other time, whatever its prompt says. */
function aWaveringModel(): AskModel {
  let trials = 0;
  return async ({ turns }) => {
    if (turns.length > 1) return says("It is refunded.");
    trials += 1;
    return trials % 2 === 0 ? calls({ issue_refund: {} }) : says("I asked a colleague to approve it.");
  };
}

function aWorld(): JobWorld {
  const files = {
    [CONFIG_PATH]: aConfigFile({ override: { blocking: ["@acme/release-authority"] } }),
    "evals/golden/asks-first.yml": aFixtureText({ owner: "@acme/support-platform" }),
  };
  const world = aJobWorld({ files, model: aWaveringModel() });
  world.gitHub.memberships.set("@acme/support-platform tom", "member");
  world.gitHub.memberships.set("@acme/release-authority max", "member");
  return world;
}

async function gate(world: JobWorld, number: number, cause?: GateCause, deps = world.deps) {
  await runGatePullRequest(aGateJob(number, cause), aTurn(), deps);
  const sha = pullRequestOf(world.gitHub, number).head.sha;
  return world.checksOn(sha);
}

function blockingOf(world: JobWorld) {
  return [...world.gitHub.checkList.values()].findLast(({ name }) => name.endsWith("blocking"));
}

const BLOCKED = "blocking: failure";

test.each(["tom", "max"])(
  "%s may put an unstable fixture in quarantine, and it is listed only",
  async (actor) => {
    const world = aWorld();
    const number = world.propose(WORDING);
    expect(await gate(world, number)).toContain(BLOCKED);
    expect(blockingOf(world)?.actions?.map(({ id }) => id)).toEqual(["rerun", "override", "quarantine"]);
    expect((await gate(world, number, aCommand(QUARANTINE, actor))).slice(-2)).toContain("blocking: success");
    expect(blockingOf(world)?.title).toBe("1 fixture in quarantine");
    expect(blockingOf(world)?.summary).toMatch(/put the fixture in quarantine until 2026-12-05/);
    expect(world.records.decisions.kept).toEqual([
      expect.objectContaining({
        kind: "quarantine",
        repo: A_REPO,
        actor,
        fixture: "asks-first",
        reason: "it depends on the weather",
      }),
    ]);
  },
);

test.each([
  {
    what: "an admin who does not keep it",
    actor: "olga",
    line: QUARANTINE,
    reaction: "-1",
    told: /@acme\/support-platform/,
  },
  { what: "a stranger", actor: "otto", line: QUARANTINE, reaction: "-1", told: undefined },
  {
    what: "a fixture that is not there",
    actor: "max",
    line: QUARANTINE.replace("asks-first", "asks-frist"),
    reaction: "confused",
    told: /Did you mean `asks-first`/,
  },
  {
    what: "more days than there are",
    actor: "tom",
    line: QUARANTINE.replace("it", "60d it"),
    reaction: "confused",
    told: /30 days at most/,
  },
])("$what: refused with $reaction", async ({ actor, line, reaction, told }) => {
  const world = aWorld();
  const number = world.propose(WORDING);
  await gate(world, number);
  expect((await gate(world, number, aCommand(line, actor))).slice(-2)).toContain(BLOCKED);
  expect(world.gitHub.reactions).toEqual([{ comment: 9_001, reaction }]);
  expect(world.gitHub.commentsOn(number)).toEqual(told === undefined ? [] : [expect.stringMatching(told)]);
  expect(world.records.decisions.kept).toEqual([]);
});

test("whose a fixture is says the default branch, whatever the pull request says", async () => {
  const world = aWorld();
  const number = world.propose({ "evals/golden/asks-first.yml": aFixtureText({ owner: "@wanda" }) });
  await gate(world, number, aCommand(QUARANTINE, "wanda"));
  expect(world.records.decisions.kept).toEqual([]);
});

test("it ends by itself: the next look at the head judges anew, and says that it ended", async () => {
  const world = aWorld();
  const number = world.propose(WORDING);
  await gate(world, number);
  await gate(world, number, aCommand(QUARANTINE.replace("it", "1d it"), "tom"));
  const later = { ...world.deps, now: () => new Date(world.deps.now().getTime() + 2 * DAY_MS) };
  expect((await gate(world, number, { kind: "reconcile" }, later)).slice(-2)).toContain(BLOCKED);
  expect(blockingOf(world)?.summary).toContain(
    "The **quarantine** of `asks-first` by `tom` ended on 2026-11-22",
  );
});

test("a fixture that wavers over several commits is named with its owner", async () => {
  const world = aWorld();
  const number = world.propose(WORDING);
  await gate(world, number);
  expect(blockingOf(world)?.summary).toMatch(
    /`asks-first` \*\*wavers\*\*: .* 1 of 1 commit that were judged and on 1 of 1 commit/,
  );
  expect(blockingOf(world)?.summary).toContain("That is up to the fixture's owner `@acme/support-platform`");
});
