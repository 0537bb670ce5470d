import { afterEach, expect, test } from "@jest/globals";
import nock from "nock";
import { KnownTrees } from "../../../src/adapters/github/known-trees.ts";
import { githubRepository } from "../../../src/adapters/github/repository.ts";
import { AT, recordedAccess, recordedGitHub } from "../../build/recorded-github.ts";
import { aTree } from "../../build/snapshots.ts";

afterEach(() => nock.cleanAll());

const [ONE, TWO, THREE] = ["1", "2", "3"].map((digit) => digit.repeat(40)) as [string, string, string];
const REPO = "acme/support-agent";

test("a commit is listed once, however many jobs ask for it", async () => {
  const tree = [{ path: "a.md", mode: "100644", type: "blob", sha: "b1", size: 1 }];
  recordedGitHub().get(`${AT}/git/trees/${ONE}?recursive=1`).reply(200, { sha: ONE, tree, truncated: false });
  const access = recordedAccess();
  const first = await githubRepository(access).fetchTree(ONE);
  expect(await githubRepository({ ...access, repo: "Support-Agent" }).fetchTree(ONE)).toBe(first);
});

test("a tree is that of its repository alone", () => {
  const trees = new KnownTrees();
  trees.keep(REPO, aTree({ "a.md": "a" }, ONE));
  expect(trees.find("acme/other", ONE)).toBeUndefined();
});

test("what was asked for longest ago goes first, within the files that are kept", () => {
  const trees = new KnownTrees(4);
  const files = { "a.md": "a", "b.md": "b" };
  trees.keep(REPO, aTree(files, ONE));
  trees.keep(REPO, aTree(files, TWO));
  trees.find(REPO, ONE);
  trees.keep(REPO, aTree(files, THREE));
  expect([ONE, TWO, THREE].map((commit) => trees.find(REPO, commit) !== undefined)).toEqual([
    true,
    false,
    true,
  ]);
});

test("trees of one repository hold what they share once, and say what they said", () => {
  const trees = new KnownTrees();
  const one = trees.keep(REPO, aTree({ "a.md": "a", "b.md": "b" }, ONE));
  const changed = aTree({ "a.md": "a", "b.md": "other", "c.md": "c" }, TWO);
  const two = trees.keep(REPO, changed);
  expect(two).toEqual(changed);
  expect([...two.entries.keys()]).toEqual([...changed.entries.keys()]);
  expect(two.entries.get("a.md")).toBe(one.entries.get("a.md"));
});

test.each([
  ["a tree that is cut", { ...aTree({ "a.md": "a" }, ONE), truncated: true }],
  ["a tree that is too large", aTree({ "a.md": "a", "b.md": "b" }, ONE)],
  ["a tree of what may move", aTree({}, "main")],
])("%s is not kept", (_, tree) => {
  const trees = new KnownTrees(1);
  expect(trees.keep(REPO, tree)).toBe(tree);
  expect(trees.find(REPO, tree.commit)).toBeUndefined();
});
