import { expect, test } from "@jest/globals";
import { CHANGE_TYPES, type ChangedFile, type ChangeType } from "../../../src/core/change/change-type.ts";
import type { FixtureFile, WrittenFixture } from "../../../src/core/fixture/fixture.ts";
import type { ReadFixtures } from "../../../src/core/suite/read-fixtures.ts";
import { everythingBecauseOf, type SuiteInputs, selectSuite } from "../../../src/core/suite/select-suite.ts";
import type { SuitePlan } from "../../../src/core/suite/suite.ts";
import { aFixtureFile } from "../../build/fixtures.ts";
import { aConfig, aTree, aWrittenAgent } from "../../build/snapshots.ts";

function fixtures(...files: readonly FixtureFile[]): ReadFixtures {
  return { files, broken: [], ignored: [] };
}

function broken(path: string, got = "this"): ReadFixtures {
  return { files: [], broken: [{ path, problems: [{ at: "id", expected: "that", got }] }], ignored: [] };
}

function fixture(id: string, overrides: Partial<WrittenFixture> = {}): FixtureFile {
  return aFixtureFile({ id, ...overrides });
}

function select(overrides: Partial<SuiteInputs> = {}): SuitePlan {
  return selectSuite({
    config: aConfig(),
    changes: [],
    changedFiles: [],
    base: [fixtures()],
    head: fixtures(),
    everythingBecause: undefined,
    today: "2026-04-18",
    ...overrides,
  });
}

function change(type: ChangeType, agent = "refund") {
  return { agent, type, path: `agent/${type}.md` };
}

function touched(...files: readonly FixtureFile[]): readonly ChangedFile[] {
  return files.map(({ path }) => ({ path, kind: "modified" }));
}

function chosen({ selected }: SuitePlan): string[] {
  return selected.map(({ file, origin }) => `${origin} ${file.fixture.id}`);
}

const both = (file: FixtureFile) => ({ base: [fixtures(file)], head: fixtures(file) });

test.each(CHANGE_TYPES)("a %s change runs the fixtures that gate it, and says so", (type) => {
  const gating = fixture("gating", { gates: [type] });
  const { selected } = select({ ...both(gating), changes: [change(type)] });
  expect(selected.map(({ because }) => because)).toEqual([`${type} change: agent/${type}.md`]);
});

test.each(CHANGE_TYPES)("a %s change and a fixture that gates nothing", (type) => {
  const plan = select({ ...both(fixture("gating-nothing", { gates: [] })), changes: [change(type)] });
  const always = type === "model" || type === "topology";
  expect(plan.selected).toHaveLength(always ? 1 : 0);
  expect(plan.leftOut.map(({ because }) => because)).toEqual(
    always ? [] : [`refund has changes of ${type}; this fixture gates none but model and topology`],
  );
});

test("a change of another agent runs nothing of this one", () => {
  const agents = { refund: aWrittenAgent(), support: aWrittenAgent() };
  const plan = select({
    ...both(fixture("a")),
    config: aConfig({ agents }),
    changes: [change("model", "support")],
  });
  expect(plan.selected).toEqual([]);
  expect(plan.leftOut[0]?.because).toBe("refund does not change");
});

test("a change of an agent counts for those that hand over to it, at any distance and in circles", () => {
  const agents = {
    refund: aWrittenAgent({ handoffs: { a: "support" } }),
    support: aWrittenAgent({ handoffs: { b: "legal", c: "refund" } }),
    legal: aWrittenAgent(),
  };
  const config = aConfig({ agents });
  const changes = [change("prompt", "legal")];
  const plan = select({ ...both(fixture("a")), config, changes });
  expect(plan.selected[0]?.because).toBe(
    "prompt change of legal, which can take over from refund: agent/prompt.md",
  );
  expect(plan.selected[0]?.against).toEqual(changes);
  expect(
    select({ ...both(fixture("b", { agent: "legal" })), config, changes: [change("prompt")] }).selected,
  ).toEqual([]);
});

test("a fixture of an agent that nobody configured says so", () => {
  const plan = select({ ...both(fixture("a", { agent: "ghost" })), changes: [change("prompt")] });
  expect(plan.leftOut[0]?.because).toBe("the configuration has no agent ghost");
});

test("the fixtures of an agent that the head removes still run", () => {
  const config = aConfig({ agents: { other: aWrittenAgent() } });
  const plan = select({ ...both(fixture("a")), config, changes: [change("topology")] });
  expect(chosen(plan)).toEqual(["unchanged a"]);
});

const v1 = fixture("a");
const v2 = fixture("a", { level: "exploratory" });
const v3 = fixture("a", { level: "warning" });

test.each<readonly [string, Partial<SuiteInputs>, readonly string[]]>([
  ["adds", { head: fixtures(v1), changedFiles: touched(v1) }, ["added a"]],
  ["removes", { base: [fixtures(v1)], changedFiles: touched(v1) }, ["removed a"]],
  [
    "changes",
    { base: [fixtures(v1)], head: fixtures(v2), changedFiles: touched(v1) },
    ["base_version a", "changed a"],
  ],
  [
    "only reformats",
    { base: [fixtures(v1)], head: fixtures(v1), changedFiles: touched(v1) },
    ["unchanged a"],
  ],
  ["breaks", { base: [fixtures(v1)], head: broken(v1.path), changedFiles: touched(v1) }, ["base_version a"]],
  [
    "moves",
    {
      base: [fixtures(v1)],
      head: fixtures(aFixtureFile({ id: "a" }, "evals/moved.yml")),
      changedFiles: touched(v1),
    },
    ["unchanged a"],
  ],
  [
    "renames",
    { base: [fixtures(v1)], head: fixtures(aFixtureFile({ id: "b" }, v1.path)), changedFiles: touched(v1) },
    ["removed a", "added b"],
  ],
])("a fixture that the pull request %s runs without any other change", (_, inputs, expected) => {
  expect(chosen(select(inputs))).toEqual(expected);
});

test("what the default branch and the base each say runs in both versions, whatever the head says", () => {
  const changes = [change("prompt")];
  const bases = [fixtures(v1), fixtures(v2)];
  expect(chosen(select({ base: bases, head: fixtures(v2), changes }))).toEqual([
    "base_version a",
    "unchanged a",
  ]);
  expect(chosen(select({ base: bases, changes }))).toEqual(["unchanged a", "base_version a"]);
  expect(chosen(select({ base: bases, head: fixtures(v3), changedFiles: touched(v1) }))).toEqual([
    "base_version a",
    "changed a",
    "base_version a",
  ]);
});

test("what the head has merely not caught up with is no change of the pull request", () => {
  const changes = [change("prompt")];
  const newer = select({ base: [fixtures(v1)], head: fixtures(v2), changes });
  expect(newer.selected.map(({ file, origin }) => [file.fixture.level, origin])).toEqual([
    ["blocking", "unchanged"],
  ]);
  expect(chosen(select({ base: [fixtures(v1)], changes }))).toEqual(["unchanged a"]);
  expect(chosen(select({ head: fixtures(v1), changes }))).toEqual(["unchanged a"]);
  expect(chosen(select({ base: [fixtures(v1)] }))).toEqual([]);
});

test.each([
  ["skip", [], "no change type matched, and gate.unscoped is skip"],
  ["fast", ["unchanged quick"], "no change type matched, and gate.unscoped is fast; its tier is full"],
  ["all", ["unchanged quick", "unchanged slow"], undefined],
] as const)("where no change type matches, gate.unscoped %s runs %j", (rule, expected, leftOut) => {
  const set = fixtures(fixture("quick", { tier: "fast" }), fixture("slow"));
  const plan = select({ base: [set], head: set, config: aConfig({ gate: { unscoped: rule } }) });
  expect(chosen(plan)).toEqual(expected);
  expect(plan.leftOut.at(-1)?.because).toBe(leftOut);
});

test("gate.unscoped does not apply where a change type matched and no fixture protects it", () => {
  const config = aConfig({ gate: { unscoped: "all" } });
  const plan = select({ ...both(fixture("a", { gates: ["tools"] })), config, changes: [change("prompt")] });
  expect(plan.leftOut.map(({ because }) => because)).toEqual([
    "refund has changes of prompt; this fixture gates tools",
  ]);
});

test("everything runs where scope cannot be told", () => {
  const everythingBecause = everythingBecauseOf([aTree({}), { ...aTree({}, "badc0ffee"), truncated: true }]);
  const plan = select({ ...both(fixture("a", { gates: [] })), everythingBecause });
  const words = "commit badc0ff has more files than could be listed, so what changed cannot be told";
  expect(plan.selected.map(({ because }) => because)).toEqual([words]);
  expect(plan.everythingBecause).toBe(words);
  expect(everythingBecauseOf([aTree({})])).toBeUndefined();
});

test("an expired fixture still runs, and says that it expired", () => {
  const expiring = (day: string) =>
    select({ ...both(fixture("a", { expires_at: day })), changes: [change("prompt")] });
  expect(expiring("2026-04-17").selected[0]?.because).toBe(
    "prompt change: agent/prompt.md; it expired on 2026-04-17",
  );
  expect(expiring("2026-04-17").selected[0]?.expiredOn).toBe("2026-04-17");
  expect(expiring("2026-04-18").selected[0]).not.toHaveProperty("expiredOn");
});

test("a fixture whose review is due says so", () => {
  const due = (day: string) =>
    select({ ...both(fixture("a", { review_by: day })), changes: [change("prompt")] }).selected[0];
  expect(due("2026-04-17")?.reviewDueOn).toBe("2026-04-17");
  expect(due("2026-04-18")).not.toHaveProperty("reviewDueOn");
});

test("blocking fixtures run first, of a level the safety tier, then the heavier ones, then by id", () => {
  const set = fixtures(
    fixture("e", { level: "exploratory", weight: 9 }),
    fixture("d", { level: "warning" }),
    fixture("c", { weight: 1 }),
    fixture("s", { weight: 1, tier: "safety" }),
    fixture("b", { weight: 3 }),
    fixture("a", { weight: 1 }),
  );
  const plan = select({ base: [set], head: set, changes: [change("model")] });
  expect(plan.selected.map(({ file }) => file.fixture.id)).toEqual(["s", "b", "a", "c", "d", "e"]);
});

test.each<readonly [string, Partial<SuiteInputs>, readonly string[]]>([
  [
    "the pull request adds",
    { head: broken("evals/x.yml"), changedFiles: [{ path: "evals/x.yml", kind: "added" }] },
    ["evals/x.yml head"],
  ],
  ["the base has too", { base: [broken("evals/x.yml")], head: broken("evals/x.yml") }, ["evals/x.yml base"]],
  [
    "the base has too, with the same problems after an edit",
    {
      base: [broken("evals/x.yml")],
      head: broken("evals/x.yml"),
      changedFiles: [{ path: "evals/x.yml", kind: "modified" }],
    },
    ["evals/x.yml base"],
  ],
  [
    "the pull request breaks in another way",
    {
      base: [broken("evals/x.yml")],
      head: broken("evals/x.yml", "other"),
      changedFiles: [{ path: "evals/x.yml", kind: "modified" }],
    },
    ["evals/x.yml head"],
  ],
  [
    "the pull request repairs",
    { base: [broken("evals/x.yml")], changedFiles: [{ path: "evals/x.yml", kind: "modified" }] },
    [],
  ],
  ["only the base has", { base: [broken("evals/x.yml")] }, ["evals/x.yml base"]],
  ["the base has repaired since", { head: broken("evals/x.yml") }, ["evals/x.yml base"]],
  [
    "nobody can tell the age of",
    { head: broken("evals/x.yml"), everythingBecause: "too many files" },
    ["evals/x.yml head"],
  ],
  [
    "shares its id with one that the pull request adds",
    {
      head: {
        ...broken("evals/x.yml"),
        broken: broken("evals/x.yml").broken.map((file) => ({ ...file, sharesIdWith: ["evals/y.yml"] })),
      },
      changedFiles: [{ path: "evals/y.yml", kind: "added" }],
    },
    ["evals/x.yml head"],
  ],
  ["is the folder, too full", { head: broken("evals") }, ["evals head"]],
])("a broken file that %s", (_, inputs, expected) => {
  expect(select(inputs).broken.map(({ path, brokenBy }) => `${path} ${brokenBy}`)).toEqual(expected);
});
