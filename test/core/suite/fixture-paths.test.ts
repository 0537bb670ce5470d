import { expect, test } from "@jest/globals";
import { FIXTURE_FILES_MAX, fixturePaths } from "../../../src/core/suite/fixture-paths.ts";
import { readableEntries, TEXT_BYTES_MAX } from "../../../src/core/suite/readable.ts";
import { aTree } from "../../build/snapshots.ts";

test("fixtures lie anywhere under evals, sorted", () => {
  const tree = aTree({
    "evals/incidents/INC-1/refund.yml": "",
    "evals/golden.yaml": "",
    "evals/a/b/c/d.yml": "",
  });
  expect(fixturePaths(tree)).toEqual([
    "evals/a/b/c/d.yml",
    "evals/golden.yaml",
    "evals/incidents/INC-1/refund.yml",
  ]);
});

test.each([
  "evals/README.md",
  "evals/calibration/refund.yml",
  "evals/templates/incident.yml",
  "evals/schema/deep/x.yaml",
  "other/evals/a.yml",
  "evals.yml",
  "evals/data.yml.bak",
])("%s is no fixture", (path) => {
  expect(fixturePaths(aTree({ [path]: "id: a" }))).toEqual([]);
});

test("links and submodules are no fixtures", () => {
  const tree = aTree({
    "evals/a.yml": { mode: "120000", content: "../.env" },
    "evals/b.yml": { mode: "160000" },
  });
  expect(fixturePaths(tree)).toEqual([]);
});

test("no more paths are listed than are needed to see that there are too many", () => {
  const many = Array.from({ length: FIXTURE_FILES_MAX + 5 }, (_, n) => [`evals/${n}.yml`, ""] as const);
  expect(fixturePaths(aTree(Object.fromEntries(many)))).toHaveLength(FIXTURE_FILES_MAX + 1);
});

test("only ordinary files of a readable size are read, each once", () => {
  const tree = aTree({
    "a.md": "a",
    "run.sh": { mode: "100755", content: "x" },
    "link.md": { mode: "120000", content: "/etc/passwd" },
    "large.md": { mode: "100644", size: TEXT_BYTES_MAX + 1 },
  });
  const paths = ["a.md", "a.md", "run.sh", "link.md", "large.md", "gone.md"];
  expect(readableEntries(tree, paths).map(({ path }) => path)).toEqual(["a.md", "run.sh"]);
});
