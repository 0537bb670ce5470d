import { expect, test } from "@jest/globals";
import { runGatePullRequest } from "../../../src/app/jobs/gate-pull-request.ts";
import type { HttpAgent } from "../../../src/core/agent/agent.ts";
import type { RunOutside } from "../../../src/core/agent/outside.ts";
import { CONFIG_PATH } from "../../../src/core/config/config.ts";
import { readAgentAnswer } from "../../../src/core/trial/read-answer.ts";
import {
  aConfigFile,
  aFixtureText,
  aGateJob,
  aJobWorld,
  aTurn,
  type JobWorld,
  pullRequestOf,
} from "../../build/job-world.ts";
import { anAnswer } from "../../build/outside-agents.ts";
import type { WrittenConfig } from "../../build/snapshots.ts";

const CHANGES = { prompt: ["src/**"] };
const HTTP = { target: "http", endpoint: "https://agent.acme.com/{sha}", changes: CHANGES } as const;
const COMMAND: WrittenConfig["agents"][string] = {
  target: "command",
  command: ["./agent"],
  changes: CHANGES,
};

const configOf = (agents: WrittenConfig["agents"]) => ({ [CONFIG_PATH]: aConfigFile({ agents }) });

/** Runs the gate for a pull request of these files, and gives its checks with the addresses that were asked. */
async function gated(world: JobWorld, files: Record<string, string>) {
  const asked: { readonly endpoint: string | undefined; readonly commit: string }[] = [];
  const http: RunOutside<HttpAgent> = async (agent, fixture) => {
    asked.push({ endpoint: agent.endpoint, commit: agent.commit });
    const read = readAgentAnswer(JSON.stringify(anAnswer({ commit: agent.commit })), agent, fixture, 5);
    if (read.kind !== "told") throw new Error(read.because);
    return read.trajectory;
  };
  const number = world.propose(files);
  const { models } = world.deps;
  const deps = {
    ...world.deps,
    models: models && { ...models, providers: new Set<never>(), outside: { http } },
  };
  await runGatePullRequest(aGateJob(number), aTurn(), deps);
  const { sha } = pullRequestOf(world.gitHub, number).head;
  return { asked, sha, checks: world.checksOn(sha), summary: JSON.stringify([...world.gitHub.checkList]) };
}

test("an agent behind an address is asked at the head's commit, and needs no key of a model", async () => {
  const world = aJobWorld({ files: configOf({ refund: HTTP }) });
  const { asked, sha, checks } = await gated(world, { "src/agent.ts": "// changed\n" });
  expect(checks).toEqual(["blocking: success", "warning: success"]);
  expect(asked.filter(({ commit }) => commit === sha).length).toBeGreaterThan(0);
  expect(new Set(asked.map(({ endpoint }) => endpoint))).toEqual(new Set([HTTP.endpoint]));
});

test("a pull request that names another address is asked about at the default branch's", async () => {
  const world = aJobWorld({ files: configOf({ refund: HTTP }) });
  const files = { ...configOf({ refund: { ...HTTP, endpoint: "https://evil.com/" } }), "src/a.ts": "" };
  const { asked } = await gated(world, files);
  expect(new Set(asked.map(({ endpoint }) => endpoint))).toEqual(new Set([HTTP.endpoint]));
});

test("an agent that the pull request brings is not asked at the address that it brings", async () => {
  const world = aJobWorld({ files: configOf({ refund: HTTP }) });
  const { asked, checks, summary } = await gated(world, {
    ...configOf({ refund: HTTP, fresh: { ...HTTP, endpoint: "https://evil.com/" } }),
    "evals/golden/fresh.yml": aFixtureText({ id: "fresh", agent: "fresh" }),
  });
  expect(checks).toContain("blocking: failure");
  expect(summary).toContain("is not on the default branch");
  expect(asked.map(({ endpoint }) => endpoint)).not.toContain("https://evil.com/");
});

test("a command is not run in the app: its fixtures are undecided, and the check says what to do", async () => {
  const world = aJobWorld({ files: configOf({ refund: COMMAND }) });
  const { checks, summary } = await gated(world, { "src/agent.ts": "// changed\n" });
  expect(checks).toContain("blocking: failure");
  expect(summary).toContain("runs only in your own CI");
  expect(summary).toContain("npx incident-to-eval run --changed <base branch>");
});
