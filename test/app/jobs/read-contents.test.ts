import { createHash } from "node:crypto";
import { expect, test } from "@jest/globals";
import { contentsInMemory } from "../../../src/app/jobs/contents-in-memory.ts";
import { readContents } from "../../../src/app/jobs/read-contents.ts";
import { writeFixture } from "../../../src/core/fixture/write-fixture.ts";
import type { Tree } from "../../../src/core/suite/snapshot.ts";
import type { Repository } from "../../../src/ports/repository.ts";
import { aWrittenFixture } from "../../build/fixtures.ts";

const TEXT = writeFixture(aWrittenFixture({ id: "a" }));
const PATH = "evals/a.yml";

function blobId(text: string): string {
  return createHash("sha1")
    .update(`blob ${Buffer.byteLength(text)}\0${text}`)
    .digest("hex");
}

function treeOf(sha: string): Tree {
  const entry = { path: PATH, sha, mode: "100644", size: TEXT.length };
  return { commit: "c", entries: new Map([[PATH, entry]]), truncated: false };
}

function serving(text: string) {
  const asked: string[] = [];
  const repository: Pick<Repository, "fetchTexts"> = {
    async fetchTexts(entries) {
      asked.push(...entries.map(({ sha }) => sha));
      return new Map(entries.map(({ sha }) => [sha, text]));
    },
  };
  return { asked, repository };
}

test("a file that was read before is not fetched again", async () => {
  const kept = contentsInMemory();
  const { asked, repository } = serving(TEXT);
  const first = await readContents(repository, treeOf(blobId(TEXT)), [PATH], kept);
  const second = await readContents(repository, treeOf(blobId(TEXT)), [PATH], kept);
  expect(asked).toEqual([blobId(TEXT)]);
  expect(second.get(PATH)).toEqual(first.get(PATH));
  expect(first.get(PATH)).toMatchObject({ kind: "fixture", fixture: { id: "a" } });
});

test.each([
  { what: "changed after git named its content", sha: blobId("id: other\n") },
  { what: "has a name that is none of git's", sha: "on-disk:evals/a.yml" },
])("a file that $what is not kept under that name", async ({ sha }) => {
  const kept = contentsInMemory();
  const { asked, repository } = serving(TEXT);
  for (let time = 0; time < 2; time += 1) {
    const contents = await readContents(repository, treeOf(sha), [PATH], kept);
    expect(contents.get(PATH)).toMatchObject({ kind: "fixture", fixture: { id: "a" } });
  }
  expect(asked).toHaveLength(2);
});

test("what is kept and cannot be read is read anew", async () => {
  const kept = contentsInMemory();
  await kept.keep(new Map([[blobId(TEXT), "spoilt"]]));
  const { asked, repository } = serving(TEXT);
  const contents = await readContents(repository, treeOf(blobId(TEXT)), [PATH], kept);
  expect(contents.get(PATH)?.kind).toBe("fixture");
  expect(asked).toHaveLength(1);
});

test("thousands of files are read in portions, between which the process does other things, and what was read stays", async () => {
  const kept = contentsInMemory();
  const texts = new Map(
    Array.from({ length: 1_100 }, (_, index) => {
      const text = `note: ${index}\n`;
      return [blobId(text), text] as const;
    }),
  );
  const paths = [...texts.keys()].map((sha) => `evals/${sha}.yml`);
  const entries = [...texts.keys()].map((sha) => ({
    path: `evals/${sha}.yml`,
    sha,
    mode: "100644",
    size: 9,
  }));
  const tree = {
    commit: "c",
    entries: new Map(entries.map((entry) => [entry.path, entry])),
    truncated: false,
  };
  const asked: number[] = [];
  const breaking: Pick<Repository, "fetchTexts"> = {
    async fetchTexts(portion) {
      asked.push(portion.length);
      if (asked.length === 3) throw new Error("GitHub limits our rate");
      return new Map(portion.map(({ sha }) => [sha, texts.get(sha) ?? ""]));
    },
  };
  let turns = 0;
  const other = setInterval(() => {
    turns += 1;
  }, 0);
  await expect(readContents(breaking, tree, paths, kept)).rejects.toThrow("limits our rate");
  clearInterval(other);
  expect(turns).toBeGreaterThan(0);
  const contents = await readContents(breaking, tree, paths, kept);
  expect(asked).toEqual([500, 500, 100, 100]);
  expect(contents.size).toBe(1_100);
});
