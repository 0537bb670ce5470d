import { expect, test } from "@jest/globals";
import { changedFiles } from "../../../src/core/change/changed-files.ts";
import { aTree } from "../../build/snapshots.ts";

test("tells added, removed and modified files apart, sorted by path", () => {
  const base = aTree({ "b.md": "b", "gone.md": "x", "same.md": "s" });
  const head = aTree({ "same.md": "s", "b.md": "b2", "a.md": "a" });
  expect(changedFiles(base, head)).toEqual([
    { path: "a.md", kind: "added" },
    { path: "b.md", kind: "modified" },
    { path: "gone.md", kind: "removed" },
  ]);
});

test("a rename is a removal and an addition", () => {
  expect(changedFiles(aTree({ "old.md": "x" }), aTree({ "new.md": "x" }))).toEqual([
    { path: "new.md", kind: "added" },
    { path: "old.md", kind: "removed" },
  ]);
});

test("a file that becomes a link with the same content changes", () => {
  const head = aTree({ "a.md": { mode: "120000", content: "x" } });
  expect(changedFiles(aTree({ "a.md": "x" }), head)).toEqual([{ path: "a.md", kind: "modified" }]);
});

test("equal trees have no difference", () => {
  expect(changedFiles(aTree({ "a.md": "x" }), aTree({ "a.md": "x" }))).toEqual([]);
});
