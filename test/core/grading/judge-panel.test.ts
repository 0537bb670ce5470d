import { createHash } from "node:crypto";
import { expect, test } from "@jest/globals";
import { configSchema, type JudgeConfig } from "../../../src/core/config/config.ts";
import {
  type AskJudge,
  type JudgeDecision,
  type JudgeQuestion,
  usesOf,
} from "../../../src/core/grading/grader.ts";
import { judgePanel } from "../../../src/core/grading/judge-panel.ts";
import { judgeModels, judgeVersion } from "../../../src/core/grading/judge-version.ts";
import { aJudge, NO_JUDGE } from "../../build/models.ts";

const { signal } = new AbortController();
const QUESTION: JudgeQuestion = {
  conversation: [],
  answer: "It waits for approval.",
  reference: undefined,
  items: [{ kind: "must", text: "say that it waits" }],
};
type Said = JudgeDecision["verdict"] | "away";

function judges(said: readonly Said[]): readonly AskJudge[] {
  return said.map((one) => (one === "away" ? NO_JUDGE : aJudge(one)));
}

test.each<{ said: readonly Said[]; rule: JudgeConfig["rule"]; comes: Said; because: RegExp }>([
  { said: ["yes", "yes", "no"], rule: "majority", comes: "yes", because: /2 of 3 votes/ },
  { said: ["no", "yes", "no"], rule: "majority", comes: "no", because: /2 of 3 votes/ },
  { said: ["yes", "no"], rule: "majority", comes: "unclear", because: /1 yes, 1 no, 0 unclear/ },
  { said: ["yes", "no", "unclear"], rule: "majority", comes: "unclear", because: /1 yes, 1 no, 1 unclear/ },
  { said: ["yes", "yes", "unclear", "unclear"], rule: "majority", comes: "unclear", because: /2 yes/ },
  { said: ["yes", "yes", "no"], rule: "all", comes: "unclear", because: /2 yes, 1 no/ },
  { said: ["no", "no"], rule: "all", comes: "no", because: /2 of 2 votes/ },
  { said: ["yes", "yes", "away"], rule: "majority", comes: "away", because: /no judge here/ },
])("$said by $rule comes to $comes", async ({ said, rule, comes, because }) => {
  const answer = await judgePanel(judges(said), { rule, samples: 1 })(QUESTION, signal);
  const [decision] = answer.kind === "decided" ? answer.decisions : [];
  expect(decision?.verdict ?? "away").toBe(comes);
  expect(decision?.because ?? ("because" in answer ? answer.because : "")).toMatch(because);
  expect(usesOf(answer)).toHaveLength(said.filter((one) => one !== "away").length);
});

test("a judge is asked as often as its samples say, and each item is decided on its own", async () => {
  const rounds: JudgeDecision["verdict"][][] = [
    ["yes", "no"],
    ["yes", "yes"],
    ["no", "no"],
  ];
  const one: AskJudge = async (question, asked) => {
    const verdicts = rounds.shift() ?? [];
    const answer = await aJudge("yes")(question);
    asked.throwIfAborted();
    return answer.kind === "decided"
      ? { ...answer, decisions: verdicts.map((verdict) => ({ verdict, because: verdict })) }
      : answer;
  };
  const items = [...QUESTION.items, { kind: "must_not", text: "promise" } as const];
  const answer = await judgePanel([one], { rule: "majority", samples: 3 })({ ...QUESTION, items }, signal);
  expect(answer).toMatchObject({ kind: "decided", decisions: [{ verdict: "yes" }, { verdict: "no" }] });
});

const digest = (text: string) => createHash("sha256").update(text).digest("hex");
const judgeSchema = configSchema.shape.judge;

test("whatever a judge is made of is in its version, and what it is not is left out", () => {
  const versions = [
    {},
    { model: "claude-opus-5-5" },
    { samples: 3 },
    { rule: "all" },
    { models: ["claude-haiku-5-5", "openai:gpt-5"] },
  ].map((said) => judgeVersion(judgeSchema.parse(said), "claude-haiku-5-5", digest));
  expect(new Set(versions).size).toBe(versions.length);
  const named = judgeSchema.parse({ model: "claude-haiku-5-5", calibration: "evals/calibration/**" });
  expect(judgeVersion(named, "another", digest)).toBe(versions[0]);
  expect(judgeModels(named, "another")).toEqual(["claude-haiku-5-5"]);
});
