import { expect, test } from "@jest/globals";
import { runGatePullRequest } from "../../../src/app/jobs/gate-pull-request.ts";
import { CONFIG_PATH } from "../../../src/core/config/config.ts";
import { expectGolden } from "../../build/golden.ts";
import {
  aCommand,
  aFixtureText,
  aGateJob,
  aJobWorld,
  aTurn,
  CARELESS,
  PROMPT,
  REFUNDS_UNLESS_TOLD,
} from "../../build/job-world.ts";

async function explain(line: string, actor = "tom", files = {}) {
  let asked = 0;
  const world = aJobWorld({
    files: { "evals/golden/only-tools.yml": aFixtureText({ id: "only-tools", gates: ["tools"] }) },
    model: (request, signal) => {
      asked += 1;
      return REFUNDS_UNLESS_TOLD(request, signal);
    },
  });
  const number = world.propose({ [PROMPT]: CARELESS, ...files }, { author: "wanda" });
  await runGatePullRequest(aGateJob(number, aCommand(line, actor)), aTurn(), world.deps);
  expect(asked).toBe(0);
  expect(world.gitHub.checkList.size).toBe(0);
  const { reactions } = world.gitHub;
  const comment = world.gitHub
    .commentsOn(number)
    .join("\n")
    .replaceAll(/\b[0-9a-f]{7}\b/g, "abc1234");
  return { comment, reactions: reactions.map(({ reaction }) => reaction) };
}

test("a pull request is explained in a comment, without a check and without the model", async () => {
  const { comment, reactions } = await explain("/incident-to-eval explain");
  expect(reactions).toEqual(["+1"]);
  expectGolden("report/explain.md", comment);
});

test.each([
  { fixture: "asks-first", says: "**`asks-first` runs** (`abc1234`)\n\n- because prompt change" },
  {
    fixture: "only-tools",
    says: "**`only-tools` does not run** (`abc1234`)\n\n- because refund has changes of prompt",
  },
  { fixture: "only-tolls", says: "There is no fixture `only-tolls`; did you mean `only-tools`?" },
])("$fixture is explained alone", async ({ fixture, says }) => {
  expect((await explain(`/incident-to-eval explain ${fixture}`)).comment).toContain(says);
});

test.each([
  { actor: "wanda", reactions: ["+1"] },
  { actor: "tom", reactions: ["+1"] },
  { actor: "otto", reactions: ["-1"] },
])("asked by $actor it is answered with $reactions", async ({ actor, reactions }) => {
  expect((await explain("/incident-to-eval explain", actor)).reactions).toEqual(reactions);
});

test("a configuration that the head breaks is said, and everything of the base is not lost", async () => {
  const { comment } = await explain("/incident-to-eval explain", "tom", { [CONFIG_PATH]: "version: 2\n" });
  expect(comment).toContain("**The fixtures cannot run:**");
});
