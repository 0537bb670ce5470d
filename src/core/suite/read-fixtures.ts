import type { FixtureFile } from "../fixture/fixture.ts";
import { findDuplicateIds, looksLikeFixture, parseFixture } from "../fixture/parse-fixture.ts";
import type { Problem } from "../problem.ts";
import { FIXTURE_FILES_MAX, FIXTURE_FOLDER } from "./fixture-paths.ts";

/** The fixtures of one commit. */
export interface ReadFixtures {
  readonly files: readonly FixtureFile[];
  readonly broken: readonly BrokenFile[];
  /** Paths of files that do not mean to be fixtures. */
  readonly ignored: readonly string[];
}

/** A file that means to be a fixture and cannot be used. */
export interface BrokenFile {
  readonly path: string;
  readonly problems: readonly Problem[];
  /** The other files that have its id, where that is what is wrong with it. */
  readonly sharesIdWith?: readonly string[];
}

/** Reads the fixtures among these files; files that share an id are all broken, as nobody can tell which is meant. */
export function readFixtures(paths: readonly string[], files: ReadonlyMap<string, string>): ReadFixtures {
  const usable: FixtureFile[] = [];
  const broken: BrokenFile[] = [];
  const ignored: string[] = [];
  for (const path of paths.slice(0, FIXTURE_FILES_MAX)) {
    const text = files.get(path);
    if (text === undefined) {
      broken.push({ path, problems: [UNREAD] });
    } else if (!looksLikeFixture(text)) {
      ignored.push(path);
    } else {
      const read = parseFixture(path, text);
      if (read.kind === "parsed") usable.push(read.value);
      else broken.push({ path, problems: read.problems });
    }
  }
  const shared = sharedIds(usable);
  return {
    files: usable.filter(({ path }) => !shared.has(path)),
    broken: [...broken, ...shared.values(), ...tooMany(paths)],
    ignored,
  };
}

const UNREAD: Problem = {
  at: "the file",
  expected: "a text file of at most 1 MB",
  got: "no content that could be read",
};

function sharedIds(files: readonly FixtureFile[]): ReadonlyMap<string, BrokenFile> {
  const lineOfId = new Map(files.map(({ path, lines }) => [path, lines.get("id")]));
  const broken = findDuplicateIds(files).flatMap(({ id, paths }) =>
    paths.map((path) => {
      const sharesIdWith = paths.filter((other) => other !== path);
      const line = lineOfId.get(path);
      const got = `${id}, as in ${sharesIdWith.slice(0, OTHERS_SHOWN_MAX).join(", ")}`;
      const problem = { at: "id", expected: "an id of its own", got };
      return { path, problems: [line === undefined ? problem : { ...problem, line }], sharesIdWith };
    }),
  );
  return new Map(broken.map((file) => [file.path, file]));
}

const OTHERS_SHOWN_MAX = 5;

function tooMany(paths: readonly string[]): readonly BrokenFile[] {
  if (paths.length <= FIXTURE_FILES_MAX) return [];
  const expected = `at most ${FIXTURE_FILES_MAX} files`;
  return [{ path: FIXTURE_FOLDER, problems: [{ at: "the folder", expected, got: "more" }] }];
}
