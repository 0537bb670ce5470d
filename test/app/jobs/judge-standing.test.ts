import { createHash } from "node:crypto";
import { expect, test } from "@jest/globals";
import { readJudgeStanding } from "../../../src/app/jobs/judge-standing.ts";
import { digestExamples } from "../../../src/core/calibration/calibration-result.ts";
import { configSchema } from "../../../src/core/config/config.ts";
import { judgeVersion } from "../../../src/core/grading/judge-version.ts";
import { weighVerdict } from "../../../src/core/verdict/weigh-verdict.ts";
import { aSide, aVerdict } from "../../build/reports.ts";

const digest = (text: string) => createHash("sha256").update(text).digest("hex");
const RESULT = "evals/calibration/results.json";
const EXAMPLES = "evals/calibration/desk.yml";
const judge = configSchema.shape.judge.parse({ calibration: "evals/calibration/**" });
const tree = treeOf([EXAMPLES, RESULT]);

function treeOf(paths: readonly string[]) {
  const entries = paths.map(
    (path) => [path, { path, sha: digest(path).slice(0, 40), mode: "100644", size: 9 }] as const,
  );
  return { commit: "a".repeat(40), entries: new Map(entries), truncated: false };
}

function repositoryWith(text: string) {
  return {
    fetchTexts: async (entries: readonly { readonly sha: string }[]) =>
      new Map(entries.map(({ sha }) => [sha, text])),
  };
}

const FOUND = JSON.stringify({
  judge: judgeVersion(judge, "claude-haiku-5-5", digest),
  models: ["claude-haiku-5-5"],
  examples: digestExamples(tree, [EXAMPLES], digest),
  at: "2026-11-21T09:00:00.000Z",
  passes: { pass: 30, fail: 0, unclear: 0 },
  fails: { pass: 0, fail: 30, unclear: 0 },
});

test.each([
  { what: "its own result", by: {}, kind: "calibrated" },
  { what: "another model", by: { judgeModel: "claude-opus-5-5" }, kind: "none" },
  { what: "more samples", by: { judge: { ...judge, samples: 3 } }, kind: "none" },
  {
    what: "a further example",
    by: { tree: treeOf([EXAMPLES, RESULT, "evals/calibration/2.yml"]) },
    kind: "none",
  },
  { what: "no result", by: { tree: treeOf([EXAMPLES]) }, kind: "none" },
  {
    what: "a result that no guard watches",
    by: { judge: { ...judge, calibration: "labels/**" } },
    kind: "none",
  },
  { what: "no examples named", by: { judge: { ...judge, calibration: undefined } }, kind: "none" },
])("a judge with $what is $kind", async ({ by, kind }) => {
  const judgedBy = { judge, judgeModel: "claude-haiku-5-5", tree, ...by };
  expect((await readJudgeStanding(judgedBy, repositoryWith(FOUND), digest)).kind).toBe(kind);
});

test.each([
  { level: "blocking", mayBlock: true, effect: "blocks", countedAs: "blocking" },
  { level: "blocking", mayBlock: false, effect: "warns", countedAs: "warning" },
  { level: "warning", mayBlock: true, effect: "warns", countedAs: "warning" },
] as const)("what a judge alone fails on a $level fixture $effect where blocking is $mayBlock", (row) => {
  const verdict = aVerdict({ verdict: "regressed", candidate: aSide("failed", { judgedOnly: true }) });
  const { file } = verdict;
  const levelled = { ...file, fixture: { ...file.fixture, level: row.level } };
  expect(weighVerdict({ ...verdict, file: levelled }, row.mayBlock)).toMatchObject({
    effect: row.effect,
    countedAs: row.countedAs,
    restsOnJudge: true,
  });
});
