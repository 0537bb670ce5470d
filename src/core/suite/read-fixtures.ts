import type { FixtureFile } from "../fixture/fixture.ts";
import { findDuplicateIds } from "../fixture/parse-fixture.ts";
import { type FileContent, readContent } from "../fixture/read-content.ts";
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
  const contents = new Map([...files].map(([path, text]) => [path, readContent(text)]));
  return gatherFixtures(paths, contents);
}

/** Gathers the fixtures among files that were read each on its own; files that share an id are all broken. */
export function gatherFixtures(
  paths: readonly string[],
  contents: ReadonlyMap<string, FileContent>,
): ReadFixtures {
  const usable: FixtureFile[] = [];
  const broken: BrokenFile[] = [];
  const ignored: string[] = [];
  for (const path of paths.slice(0, FIXTURE_FILES_MAX)) {
    const content = contents.get(path);
    if (content === undefined) broken.push({ path, problems: [UNREAD] });
    else if (content.kind === "other") ignored.push(path);
    else if (content.kind === "broken") broken.push({ path, problems: content.problems });
    else usable.push(fileOf(path, content));
  }
  const shared = sharedIds(usable);
  return {
    files: usable.filter(({ path }) => !shared.has(path)),
    broken: [...broken, ...shared.values(), ...tooMany(paths)],
    ignored,
  };
}

/** Lines are read from what is kept when somebody asks for them. */
function fileOf(path: string, content: Extract<FileContent, { kind: "fixture" }>): FixtureFile {
  return {
    path,
    fixture: content.fixture,
    get lines() {
      return content.lines;
    },
  };
}

const UNREAD: Problem = {
  at: "the file",
  expected: "a text file of at most 1 MB",
  got: "no content that could be read",
};

function sharedIds(files: readonly FixtureFile[]): ReadonlyMap<string, BrokenFile> {
  const duplicates = findDuplicateIds(files);
  if (duplicates.length === 0) return new Map();
  const byPath = new Map(files.map((file) => [file.path, file]));
  const broken = duplicates.flatMap(({ id, paths }) =>
    paths.map((path) => {
      const sharesIdWith = paths.filter((other) => other !== path);
      const line = byPath.get(path)?.lines.get("id");
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
