import { expect, test } from "@jest/globals";
import { type GateInputs, type GateSide, planGate } from "../../../src/core/suite/plan-gate.ts";
import type { ReadFixtures } from "../../../src/core/suite/read-fixtures.ts";
import { aFixtureFile } from "../../build/fixtures.ts";
import { AGENT_FILES, aConfig, aSnapshot, aWrittenAgent, type WrittenConfig } from "../../build/snapshots.ts";

const HOLDS: ReadFixtures = { files: [aFixtureFile({ id: "holds" })], broken: [], ignored: [] };
const NONE: ReadFixtures = { files: [], broken: [], ignored: [] };
const BROKEN = { "agent/tools.json": "not JSON" };

function side(files: Readonly<Record<string, string>> = {}, config: Partial<WrittenConfig> = {}): GateSide {
  return { config: aConfig(config), snapshot: aSnapshot({ ...AGENT_FILES, ...files }) };
}

function plan(overrides: Partial<GateInputs> = {}) {
  const inputs: GateInputs = {
    judging: aConfig(),
    base: side(),
    head: side(),
    protecting: [HOLDS],
    protectingTrees: [],
    proposed: HOLDS,
    today: "2026-11-21",
    ...overrides,
  };
  return planGate(inputs);
}

const ids = ({ suite }: ReturnType<typeof plan>) => suite.selected.map(({ file }) => file.fixture.id);

test("nothing changed, nothing runs, and nothing stands in the way", () => {
  const { suite, obstacle } = plan();
  expect(suite).toMatchObject({ changes: [], selected: [] });
  expect(obstacle).toBeUndefined();
});

test("what the head changes is what runs on it, against the agent of the base", () => {
  const changed = plan({ head: side({ "agent/prompts/system.md": "You help at once.\n" }) });
  expect(ids(changed)).toEqual(["holds"]);
  expect(changed.candidate.agents.get("refund")).toMatchObject({
    system: expect.stringContaining("You help at once."),
  });
  expect(changed.baseline.agents.get("refund")).toMatchObject({
    system: expect.stringContaining("You help with refunds."),
  });
});

test("the head decides what its agent is made of, and not how it is judged", () => {
  const agents = { refund: aWrittenAgent({ max_turns: 3 }) };
  const { config, suite } = plan({ head: side({}, { agents, gate: { max_cost_usd: 900 } }) });
  expect(config.agents.refund?.max_turns).toBe(3);
  expect(config.gate.max_cost_usd).toBe(aConfig().gate.max_cost_usd);
  expect(suite.changes.map(({ type }) => type)).toContain("topology");
});

test("a fixture that the head removes still runs", () => {
  const head = side({ "agent/prompts/system.md": "You help at once.\n" });
  expect(ids(plan({ head, proposed: NONE }))).toEqual(["holds"]);
});

test.each([
  { where: "the head breaks", base: {}, head: BROKEN, stands: true },
  { where: "is broken on both sides while nothing of it runs", base: BROKEN, head: BROKEN, stands: false },
  {
    where: "is broken on both sides and would have to run",
    base: BROKEN,
    head: { ...BROKEN, "agent/prompts/system.md": "You help at once.\n" },
    stands: true,
  },
  { where: "the head repairs", base: BROKEN, head: {}, stands: false },
])("an agent that $where stands in the way: $stands", ({ base, head, stands }) => {
  const { obstacle } = plan({ base: side(base), head: side(head) });
  expect(obstacle?.kind).toBe(stands ? "agent" : undefined);
});

test("files that could not all be listed make everything run, with the reason", () => {
  const tree = { ...side().snapshot.tree, truncated: true };
  const cut = plan({ protectingTrees: [tree] });
  expect(ids(cut)).toEqual(["holds"]);
  expect(cut.suite.everythingBecause).toContain("more files than could be listed");
});
