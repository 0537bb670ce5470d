import { afterEach, expect, test } from "@jest/globals";
import nock from "nock";
import { fetchTree } from "../../../src/adapters/github/fetch-tree.ts";
import { AT, recordedAccess, recordedGitHub } from "../../build/recorded-github.ts";

afterEach(() => nock.cleanAll());

const COMMIT = "a".repeat(40);

function file(path: string, mode = "100644") {
  return { path, mode, type: mode === "160000" ? "commit" : "blob", sha: `sha-of-${path}`, size: 12 };
}

function folder(path: string) {
  return { path, mode: "040000", type: "tree", sha: `tree-of-${path}` };
}

function answer(
  scope: nock.Scope,
  sha: string,
  recursive: boolean,
  tree: readonly object[],
  truncated = false,
) {
  const listing = scope.get(`${AT}/git/trees/${sha}`);
  return (recursive ? listing.query({ recursive: "1" }) : listing).reply(200, {
    sha,
    url: "",
    tree,
    truncated,
  });
}

test("files, links and submodules are listed, folders are not", async () => {
  const link = { ...file("link", "120000"), size: 3 };
  const { size: _none, ...submodule } = file("lib", "160000");
  answer(recordedGitHub(), COMMIT, true, [folder("evals"), file("evals/a.yml"), link, submodule]);
  const tree = await fetchTree(recordedAccess(), COMMIT);
  expect([...tree.entries.values()].map(({ path, mode, size }) => [path, mode, size])).toEqual([
    ["evals/a.yml", "100644", 12],
    ["link", "120000", 3],
    ["lib", "160000", 0],
  ]);
  expect(tree).toMatchObject({ commit: COMMIT, truncated: false });
});

test("a listing that GitHub cuts is made whole folder by folder", async () => {
  const github = recordedGitHub();
  answer(github, COMMIT, true, [file("evals/a.yml")], true);
  answer(github, COMMIT, false, [file("README.md"), folder("evals"), folder("vendor")]);
  answer(github, "tree-of-evals", true, [file("a.yml"), folder("deep"), file("deep/b.yml")]);
  answer(github, "tree-of-vendor", true, [file("x.js")], true);
  answer(github, "tree-of-vendor", false, [folder("one")]);
  answer(github, "tree-of-one", true, [file("x.js")]);
  const tree = await fetchTree(recordedAccess(), COMMIT);
  expect([...tree.entries.keys()].sort()).toEqual([
    "README.md",
    "evals/a.yml",
    "evals/deep/b.yml",
    "vendor/one/x.js",
  ]);
  expect(tree.truncated).toBe(false);
  expect(nock.pendingMocks()).toEqual([]);
});

test("one folder that GitHub cuts leaves the tree truncated", async () => {
  const github = recordedGitHub();
  answer(github, COMMIT, true, [file("a")], true);
  answer(github, COMMIT, false, [file("a")], true);
  expect(await fetchTree(recordedAccess(), COMMIT)).toMatchObject({ truncated: true });
});

test("a tree of too many folders is truncated after a bounded number of calls", async () => {
  const folders = Array.from({ length: 400 }, (_, index) => folder(`f${index}`));
  const github = recordedGitHub();
  answer(github, COMMIT, true, [], true);
  answer(github, COMMIT, false, folders);
  let calls = 0;
  github
    .persist()
    .get(/\/git\/trees\/tree-of-f\d+\?recursive=1$/)
    .reply(() => {
      calls += 1;
      return [200, { tree: [file("x")], truncated: false }];
    });
  expect(await fetchTree(recordedAccess(), COMMIT)).toMatchObject({ truncated: true });
  expect(calls).toBe(299);
});
