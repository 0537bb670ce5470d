import { expect, test } from "@jest/globals";
import { writeFixture } from "../../../src/core/fixture/write-fixture.ts";
import { problemText } from "../../../src/core/problem.ts";
import { FIXTURE_FILES_MAX } from "../../../src/core/suite/fixture-paths.ts";
import { type ReadFixtures, readFixtures } from "../../../src/core/suite/read-fixtures.ts";
import { aWrittenFixture } from "../../build/fixtures.ts";

function read(files: Readonly<Record<string, string>>): ReadFixtures {
  return readFixtures(Object.keys(files), new Map(Object.entries(files)));
}

function brokenWords({ broken }: ReadFixtures): string[] {
  return broken.flatMap(({ path, problems }) =>
    problems.map((problem) => `${path}: ${problemText(problem)}`),
  );
}

const FIXTURE = writeFixture(aWrittenFixture({ id: "a" }));

test("reads fixtures and passes over files that do not mean to be any", () => {
  const fixtures = read({ "evals/a.yml": FIXTURE, "evals/settings.yml": "colour: red\n" });
  expect(fixtures.files.map(({ path, fixture }) => [path, fixture.id])).toEqual([["evals/a.yml", "a"]]);
  expect(fixtures.ignored).toEqual(["evals/settings.yml"]);
  expect(fixtures.broken).toEqual([]);
});

test("a broken fixture is listed with all that is wrong with it, and others are read", () => {
  const fixtures = read({ "evals/a.yml": FIXTURE, "evals/b.yml": "id: b\nlevell: blocking\n" });
  expect(fixtures.files).toHaveLength(1);
  expect(brokenWords(fixtures).join("\n")).toContain(
    'evals/b.yml: levell (line 2): expected the key level, got the unknown key "levell"',
  );
});

test("files that share an id are all broken and name each other", () => {
  const fixtures = read({ "evals/a.yml": FIXTURE, "evals/b.yml": FIXTURE });
  expect(fixtures.files).toEqual([]);
  expect(fixtures.broken.map(({ sharesIdWith }) => sharesIdWith)).toEqual([["evals/b.yml"], ["evals/a.yml"]]);
  expect(brokenWords(fixtures)).toEqual([
    expect.stringMatching(
      /^evals\/a\.yml: id \(line \d+\): expected an id of its own, got a, as in evals\/b\.yml$/,
    ),
    expect.stringMatching(
      /^evals\/b\.yml: id \(line \d+\): expected an id of its own, got a, as in evals\/a\.yml$/,
    ),
  ]);
});

test("a file whose content was not read is broken, never passed over", () => {
  expect(brokenWords(readFixtures(["evals/a.yml"], new Map()))).toEqual([
    "evals/a.yml: the file: expected a text file of at most 1 MB, got no content that could be read",
  ]);
});

test("a folder with too many files is told as broken", () => {
  const paths = Array.from({ length: FIXTURE_FILES_MAX + 1 }, (_, n) => `evals/${n}.yml`);
  const fixtures = readFixtures(paths, new Map(paths.map((path) => [path, "x: 1"])));
  expect(brokenWords(fixtures)).toEqual(["evals: the folder: expected at most 20000 files, got more"]);
  expect(fixtures.ignored).toHaveLength(FIXTURE_FILES_MAX);
});

test.each(["a: &a [x, x]\nid: [*a, *a, *a]", "id: !!js/function x", "\u0000id: 1", "id:\n\t- x", "{id: "])(
  "hostile text %j is answered",
  (text) => {
    expect(read({ "evals/a.yml": text }).files).toEqual([]);
  },
);
