import { expect, test } from "@jest/globals";
import { type ConfigAtCommit, chooseJudging } from "../../../src/core/config/choose-judging.ts";
import { CONFIG_PATH } from "../../../src/core/config/config.ts";
import { aConfig, aTree } from "../../build/snapshots.ts";

const OURS: ConfigAtCommit = { kind: "parsed", value: aConfig({ owner: "@acme/branch" }) };
const THEIRS: ConfigAtCommit = { kind: "parsed", value: aConfig({ owner: "@acme/head" }) };
const BROKEN: ConfigAtCommit = {
  kind: "unusable",
  problems: [{ at: "version", expected: "1", got: "2" }],
};
const ABSENT: ConfigAtCommit = { kind: "absent" };

function choose(
  judging: ConfigAtCommit,
  headConfig: ConfigAtCommit,
  isInherited = false,
  baseFiles: Readonly<Record<string, string>> = {},
) {
  const tree = (text: string) => aTree({ [CONFIG_PATH]: text });
  const trees = {
    defaultTree: tree("ours"),
    baseTree: aTree(baseFiles),
    headTree: tree(isInherited ? "ours" : "theirs"),
  };
  return chooseJudging({ judging, headConfig, ...trees });
}

test.each([
  { name: "a usable one on the branch", judging: OURS, head: THEIRS, owner: "@acme/branch" },
  { name: "a head without any", judging: OURS, head: ABSENT, owner: "@acme/branch" },
  { name: "a head that brings the first", judging: ABSENT, head: THEIRS, owner: "@acme/head" },
])("with $name, that of $owner judges what changed", ({ judging, head, owner }) => {
  expect(choose(judging, head)).toMatchObject({
    kind: "chosen",
    config: { owner },
    everythingBecause: undefined,
  });
});

test("a head that takes the configuration away is told, one that never had it is not", () => {
  expect(choose(OURS, ABSENT, false, { [CONFIG_PATH]: "ours" })).toMatchObject({
    kind: "broken",
    at: "head",
  });
  expect(choose(OURS, ABSENT)).toMatchObject({ kind: "chosen" });
});

test("a head that repairs a broken one judges itself, with every fixture", () => {
  expect(choose(BROKEN, THEIRS)).toMatchObject({
    kind: "chosen",
    config: { owner: "@acme/head" },
    everythingBecause: expect.stringContaining("cannot be used"),
  });
});

test.each([
  { judging: OURS, head: BROKEN, isInherited: false, at: "head" },
  { judging: BROKEN, head: BROKEN, isInherited: false, at: "head" },
  { judging: BROKEN, head: BROKEN, isInherited: true, at: "default_branch" },
  { judging: BROKEN, head: ABSENT, isInherited: false, at: "default_branch" },
])(
  "$judging.kind on the branch and $head.kind at the head (the same file: $isInherited) is broken at $at",
  (row) => {
    expect(choose(row.judging, row.head, row.isInherited)).toMatchObject({ kind: "broken", at: row.at });
  },
);

test("the last usable one judges a head that only has the branch's broken file", () => {
  expect(choose(OURS, BROKEN, true)).toMatchObject({ kind: "chosen", config: { owner: "@acme/branch" } });
});

test("none anywhere is said to be none", () => {
  expect(choose(ABSENT, ABSENT)).toEqual({ kind: "absent" });
});
