import { expect, test } from "@jest/globals";
import { CHECK_NAMES, type CheckRun } from "../../../src/core/report/check-run.ts";
import { withConfigEffect } from "../../../src/core/report/render-config-effect.ts";
import { configEffect } from "../../../src/core/suite/config-effect.ts";
import type { GateInputs } from "../../../src/core/suite/plan-gate.ts";
import type { ReadFixtures } from "../../../src/core/suite/read-fixtures.ts";
import { aFixtureFile } from "../../build/fixtures.ts";
import { AGENT_FILES, aConfig, aSnapshot } from "../../build/snapshots.ts";

const HOLDS: ReadFixtures = { files: [aFixtureFile({ id: "holds" })], broken: [], ignored: [] };

function inputs(files: Readonly<Record<string, string>>): GateInputs {
  return {
    judging: aConfig(),
    base: { config: aConfig(), snapshot: aSnapshot(AGENT_FILES) },
    head: { config: aConfig(), snapshot: aSnapshot({ ...AGENT_FILES, ...files }) },
    protecting: [HOLDS],
    protectingTrees: [],
    proposed: HOLDS,
    today: "2026-11-21",
  };
}

const EVERYTHING = aConfig({ gate: { unscoped: "all" } });
const GUARD: CheckRun = {
  name: CHECK_NAMES.guard,
  headSha: "c0ffee",
  externalId: "run",
  state: { kind: "completed", conclusion: "success" },
  title: "Nothing is weakened",
  summary: "Nothing.",
  annotations: [],
};

test.each([
  { files: {}, proposed: EVERYTHING, effect: { starts: ["holds"], stops: [], stays: 0 } },
  { files: {}, proposed: aConfig(), effect: { starts: [], stops: [], stays: 0 } },
  {
    files: { "agent/prompts/system.md": "Be quick.\n" },
    proposed: EVERYTHING,
    effect: { starts: [], stops: [], stays: 1 },
  },
])("a new configuration is held against the one that judges: $effect", ({ files, proposed, effect }) => {
  expect(configEffect(inputs(files), proposed)).toEqual(effect);
});

test.each([
  {
    effect: { starts: ["a"], stops: ["b"], stays: 2 },
    says: "would also run `a`, and would no longer run `b`; 2 fixtures would run as now.",
  },
  {
    effect: { starts: [], stops: [], stays: 1 },
    says: "would select the same 1 fixture for this pull request.",
  },
])("the guard says what a new configuration would select: $effect", ({ effect, says }) => {
  const [guard] = withConfigEffect([GUARD], effect);
  expect(guard?.summary).toContain(says);
  expect(guard?.annotations).toEqual([
    expect.objectContaining({ path: ".github/incident-to-eval.yml", level: "notice" }),
  ]);
});

test("where no configuration is brought, the guard says nothing of it", () => {
  expect(withConfigEffect([GUARD], undefined)).toEqual([GUARD]);
});
