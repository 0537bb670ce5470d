import { describe, expect, test } from "@jest/globals";
import { changedFiles } from "../../../src/core/change/changed-files.ts";
import type { Config } from "../../../src/core/config/config.ts";
import { findWeakenings } from "../../../src/core/guard/find-weakenings.ts";
import { fixturePaths } from "../../../src/core/suite/fixture-paths.ts";
import { readFixtures } from "../../../src/core/suite/read-fixtures.ts";
import { aFixtureText } from "../../build/job-world.ts";
import { aConfig, aTree, aWrittenAgent } from "../../build/snapshots.ts";

type Files = Readonly<Record<string, string>>;

const FIXTURE = "evals/golden/asks-first.yml";
const TEXT = aFixtureText({ owner: "@acme/support" });
const PROMPT = "agent/prompts/system.md";
const BASE: Files = {
  [FIXTURE]: TEXT,
  [PROMPT]: "You refund orders. Ask first.\n",
  "README.md": "# Hello\n",
};

const CONFIG = aConfig({
  owner: "@acme/quality",
  judge: { calibration: "evals/calibration/**" },
  agents: { refund: aWrittenAgent({ system: ["agent/prompts/*.md"] }) },
});

function sideOf(files: Files, config: Config | undefined, among: ReadonlySet<string>, truncated = false) {
  const tree = { ...aTree(files), truncated };
  const paths = fixturePaths(tree).filter((path) => among.has(path));
  return { config, tree, fixtures: readFixtures(paths, new Map(Object.entries(files))) };
}

function weakenedBy(
  head: Files,
  {
    base = BASE,
    headConfig = CONFIG,
    truncated = false,
    now = base,
  }: { base?: Files; headConfig?: Config | undefined; truncated?: boolean; now?: Files } = {},
) {
  const files = changedFiles(aTree(base), aTree(head));
  const among = new Set(files.map(({ path }) => path));
  return findWeakenings({
    base: sideOf(base, CONFIG, among),
    head: sideOf(head, headConfig, among, truncated),
    files,
    protecting: [sideOf(now, undefined, among).fixtures],
    hiddenWords: [],
    loopOwner: CONFIG.owner,
    today: "2026-11-21",
  });
}

function without(path: string, files = BASE): Files {
  return Object.fromEntries(Object.entries(files).filter(([one]) => one !== path));
}

describe("a fixture", () => {
  test.each<readonly [string, Files, object | undefined]>([
    ["that stays as it is", { ...BASE, "README.md": "# More\n" }, undefined],
    ["that is commented", { ...BASE, [FIXTURE]: `# Reviewed\n${TEXT}` }, undefined],
    ["that is moved where fixtures are read", { ...without(FIXTURE), "evals/moved.yml": TEXT }, undefined],
    ["that is added", { ...BASE, "evals/more.yml": aFixtureText({ id: "more" }) }, undefined],
    ["that is deleted", without(FIXTURE), { kind: "fixture_removed", movedTo: undefined }],
    [
      "that is moved where none are read",
      { ...without(FIXTURE), "evals/templates/x.yml": TEXT },
      { kind: "fixture_removed", movedTo: "evals/templates/x.yml" },
    ],
    [
      "that is moved out of the folder",
      { ...without(FIXTURE), "old/x.yml": TEXT },
      { kind: "fixture_removed", movedTo: "old/x.yml" },
    ],
    [
      "that gets another id",
      { ...BASE, [FIXTURE]: TEXT.replace("id: asks-first", "id: asks-later") },
      { kind: "fixture_removed", movedTo: undefined },
    ],
    [
      "that no longer looks like one",
      { ...BASE, [FIXTURE]: "nothing: here\n" },
      { kind: "fixture_removed", movedTo: undefined },
    ],
    [
      "that nobody can read",
      { ...BASE, [FIXTURE]: `${TEXT}  - oops` },
      { kind: "fixture_unreadable", because: expect.any(String) },
    ],
    [
      "whose id a second file takes beside a change of the first",
      { ...BASE, [FIXTURE]: `${TEXT}# more\n`, "evals/twin.yml": TEXT },
      { kind: "fixture_unreadable", because: expect.stringContaining("an id of its own") },
    ],
    [
      "that is moved and asks for less",
      { ...without(FIXTURE), "evals/moved.yml": TEXT.replace("level: blocking", "level: warning") },
      { kind: "fixture_changed", changes: [expect.objectContaining({ at: "level" })] },
    ],
  ])("%s", (_, head, part) => {
    const expected = { name: "asks-first", path: FIXTURE, owner: "@acme/support", part };
    expect(weakenedBy(head)).toEqual(part === undefined ? [] : [expect.objectContaining(expected)]);
  });

  test("belongs to whom the protecting branch names now", () => {
    const now = { ...BASE, [FIXTURE]: aFixtureText({ owner: "@acme/others" }) };
    expect(weakenedBy(without(FIXTURE), { now })).toEqual([
      expect.objectContaining({ owner: "@acme/others" }),
    ]);
  });

  test("belongs to whom its base names where the protecting branch has it no more", () => {
    expect(weakenedBy(without(FIXTURE), { now: {} })).toEqual([
      expect.objectContaining({ owner: "@acme/support" }),
    ]);
  });
});

describe("a file of an agent", () => {
  const moved = (to: string, text = BASE[PROMPT] ?? ""): Files => ({ ...without(PROMPT), [to]: text });

  test.each<readonly [string, Files, string | undefined]>([
    ["that changes in its place", { ...BASE, [PROMPT]: "Other words.\n" }, undefined],
    ["that goes", without(PROMPT), undefined],
    ["that is moved where a glob looks", moved("agent/prompts/other.md"), undefined],
    ["that is moved where none looks", moved("lib/texts/a.md"), "lib/texts/a.md"],
    ["that is moved and changed, by its name", moved("lib/system.md", "Short."), "lib/system.md"],
    ["that is moved, renamed and changed", moved("lib/a.md", "You refund orders at once. Ok?\n"), "lib/a.md"],
    ["that goes while another kind of file comes", moved("lib/a.ts", "export const one = 1;\n"), undefined],
    ["that goes while a much larger one comes", moved("docs/a.md", "x".repeat(500)), undefined],
  ])("%s", (_, head, movedTo) => {
    const expected = { name: PROMPT, owner: "@acme/quality", part: { kind: "out_of_scope", movedTo } };
    expect(weakenedBy(head)).toEqual(movedTo === undefined ? [] : [expect.objectContaining(expected)]);
  });
});

test("globs that look at less are told with the configuration, whose owner is the loop's", () => {
  const narrow = aConfig({
    ...CONFIG,
    agents: { refund: aWrittenAgent({ system: ["agent/prompts/a.md"] }) },
  } as never);
  expect(weakenedBy(BASE, { headConfig: narrow })).toEqual([
    expect.objectContaining({
      name: ".github/incident-to-eval.yml",
      owner: "@acme/quality",
      part: {
        kind: "configuration_changed",
        changes: [expect.objectContaining({ at: "agents.refund.system[0]" })],
      },
    }),
  ]);
});

test("an example that measures the judge counts, whether it changes, comes or goes", () => {
  const path = "evals/calibration/one.yml";
  for (const [base, head] of [
    [BASE, { ...BASE, [path]: "a: 1\n" }],
    [
      { ...BASE, [path]: "a: 1\n" },
      { ...BASE, [path]: "a: 2\n" },
    ],
    [{ ...BASE, [path]: "a: 1\n" }, BASE],
  ] as const)
    expect(weakenedBy(head, { base })).toEqual([
      expect.objectContaining({ name: path, part: { kind: "calibration_changed" } }),
    ]);
});

test("where the files of a commit are not all known, what changes cannot be told", () => {
  expect(weakenedBy(BASE, { truncated: true })).toEqual([
    expect.objectContaining({
      owner: "@acme/quality",
      part: { kind: "unseen", because: expect.any(String) },
    }),
  ]);
});
