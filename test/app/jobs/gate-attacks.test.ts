import { expect, test } from "@jest/globals";
import { runGatePullRequest } from "../../../src/app/jobs/gate-pull-request.ts";
import { CONFIG_PATH } from "../../../src/core/config/config.ts";
import { CHECK_NAMES } from "../../../src/core/report/check-run.ts";
import type { FileChanges } from "../../build/fake-git.ts";
import {
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

const FIXTURE = "evals/golden/asks-first.yml";
const AT_ONCE = "Refund at once.\n";

function configOf(system: readonly string[]): string {
  const model = { file: "agent/model.yml", key: "model" };
  const refund = { target: "anthropic" as const, model, system: [...system], tools: "agent/tools.json" };
  return aConfigFile({ agents: { refund } });
}

const CONFIG = configOf(["agent/prompts/**/*.md"]);

/** An agent that refunds at once where its prompt says so and no word of asking stands beside. */
function aWorld(files: FileChanges = {}): JobWorld {
  return aJobWorld({
    files: { [CONFIG_PATH]: CONFIG, ...files },
    model: async ({ system, turns }) => {
      const prompt = system.join();
      if (!prompt.includes("at once") || prompt.includes("Ask first")) return says("May I?");
      return turns.length === 1 ? calls({ issue_refund: {} }) : says("It is refunded.");
    },
  });
}

async function gate(world: JobWorld, pullRequest: number): Promise<Readonly<Record<string, string>>> {
  await runGatePullRequest(aGateJob(pullRequest), aTurn(), world.deps);
  const { sha } = pullRequestOf(world.gitHub, pullRequest).head;
  const checks = [...world.gitHub.checkList.values()].filter(({ headSha }) => headSha === sha);
  return Object.fromEntries(
    checks.map(({ name, state, title, summary }) => [
      name,
      `${state.kind === "completed" ? state.conclusion : "open"}: ${title}\n${summary}`,
    ]),
  );
}

/** A pointer of Git LFS; what is deployed is the file that it points at. */
const POINTER = `version https://git-lfs.github.com/spec/v1
oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393
size 16
`;

/** A fixture whose aliases unfold to ten more at each level. */
function bombOf(levels: number): string {
  const lists = Array.from({ length: levels }, (_, at) => {
    const ten = Array.from({ length: 10 }, () => (at === 0 ? "x" : `*a${at - 1}`));
    return `  l${at}: &a${at} [${ten.join(", ")}]`;
  });
  return `${aFixtureText()}state:\n${lists.join("\n")}\n`;
}

test.each<readonly [how: string, files: FileChanges, said: string]>([
  [
    "gives words to the agent of the gate that nobody says are deployed",
    {
      [PROMPT]: AT_ONCE,
      [CONFIG_PATH]: configOf(["agent/prompts/**/*.md", "gate/only.md"]),
      "gate/only.md": CAREFUL,
    },
    "agents.refund.system",
  ],
  ["keeps the prompt in Git LFS", { [PROMPT]: POINTER }, "Git LFS"],
  [
    "writes the prompt so that it is no text in UTF-8",
    { [PROMPT]: [...AT_ONCE].map((letter) => `${letter}\0`).join("") },
    "UTF-8",
  ],
  [
    "puts a folder of prompts behind a link",
    { "hidden/first.md": AT_ONCE, "agent/prompts/more": { mode: "120000", content: "../../hidden" } },
    "agent/prompts/more, which is a link",
  ],
  [
    "puts a folder of prompts into another repository",
    { "agent/prompts/more": { mode: "160000" } },
    "agent/prompts/more, which is a submodule",
  ],
  [
    "puts the words before the prompt, where nobody reads them in the gate",
    { [PROMPT]: `---\nnote: Refund at once.\n---\n${CAREFUL}` },
    "front matter",
  ],
  [
    "gives the only prompt an ending that no glob looks for",
    { [PROMPT]: undefined, [PROMPT.replace(".md", ".MD")]: AT_ONCE },
    "which finds none",
  ],
  [
    "gives one of two prompts an ending that no glob looks for",
    { [PROMPT]: undefined, "agent/prompts/other.md": "Be kind.\n", "agent/prompts/first.MD": AT_ONCE },
    "is moved out of scope",
  ],
  [
    "puts a link in the fixture's place",
    { [FIXTURE]: { mode: "120000", content: "../a.yml" } },
    "is removed",
  ],
  ["keeps the fixture in Git LFS", { [FIXTURE]: POINTER }, "is removed"],
  ["makes the fixture too large to be read", { [FIXTURE]: { mode: "100644", size: 5_000_000 } }, "1 MB"],
  [
    "moves the fixture to where letters are large",
    { [FIXTURE]: undefined, "Evals/golden/asks-first.yml": aFixtureText() },
    "is moved to",
  ],
  ["lets the fixture unfold a thousand times", { [FIXTURE]: bombOf(30) }, "can no longer be read"],
  [
    "brings a pattern that would keep the machine busy",
    {
      "evals/golden/busy.yml": aFixtureText({
        id: "busy",
        expect: { output: { must_match: ["((a{999}){999}){999}"] } },
      }),
    },
    "evals/golden/busy.yml",
  ],
  [
    "calls the agent otherwise",
    {
      [PROMPT]: AT_ONCE,
      [CONFIG_PATH]: CONFIG.replace('"refund":', '"refunds":'),
    },
    "`refund`",
  ],
  [
    "takes the configuration away",
    { [PROMPT]: AT_ONCE, [CONFIG_PATH]: undefined },
    "the configuration to stay",
  ],
])("a pull request that %s is red", async (_how, files, said) => {
  const world = aWorld();
  const checks = await gate(world, world.propose(files));
  expect(checks[CHECK_NAMES.blocking]).toMatch(/^failure: /);
  expect(Object.values(checks).join("\n")).toContain(said);
});

test("front matter where prompts have it already asks nobody", async () => {
  const world = aWorld({ [PROMPT]: `---\nauthor: olga\n---\n${CAREFUL}` });
  const checks = await gate(
    world,
    world.propose({ "agent/prompts/tone.md": "---\nauthor: max\n---\nBe kind.\n" }),
  );
  expect(checks[CHECK_NAMES.guard]).toMatch(/^success: /);
  expect(checks[CHECK_NAMES.blocking]).toMatch(/^success: /);
});

test("a configuration that becomes a link with the same content is a broken one", async () => {
  const world = aWorld();
  const checks = await gate(world, world.propose({ [CONFIG_PATH]: { mode: "120000", content: CONFIG } }));
  expect(checks[CHECK_NAMES.blocking]).toMatch(/^failure: /);
});

test("a fixture that came to the default branch meanwhile is not put out by a second one of its id", async () => {
  const world = aWorld({ [FIXTURE]: undefined });
  const begun = world.propose({ "evals/golden/twin.yml": aFixtureText() });
  world.gitHub.git.commit(world.gitHub.defaultBranch, { [FIXTURE]: aFixtureText() }, "olga");
  const checks = await gate(world, begun);
  expect(checks[CHECK_NAMES.blocking]).toMatch(/^failure: /);
  expect(checks[CHECK_NAMES.blocking]).toContain("evals/golden/twin.yml");
});

test("a fixture that only moves is no second one of its id", async () => {
  const world = aWorld();
  const moved = world.propose({ [FIXTURE]: undefined, "evals/golden/moved.yml": aFixtureText() });
  expect((await gate(world, moved))[CHECK_NAMES.blocking]).toMatch(/^success: /);
});
