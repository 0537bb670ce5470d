import { compileGlobs } from "../text/glob.ts";
import { isRegular } from "./readable.ts";
import type { Tree } from "./snapshot.ts";

/** The folder that holds fixtures. */
export const FIXTURE_FOLDER = "evals";

/** More files than this under the folder are told as a problem, and those beyond are not read. */
export const FIXTURE_FILES_MAX = 20_000;

const isFixturePlace = compileGlobs([`${FIXTURE_FOLDER}/**/*.{yml,yaml}`]);
const isOtherPlace = compileGlobs(
  ["calibration", "templates", "schema"].map((folder) => `${FIXTURE_FOLDER}/${folder}/**`),
);

/** Lists the files of a commit that may be fixtures, sorted, and at most one more than can be read. */
export function fixturePaths(tree: Tree): readonly string[] {
  const folder = `${FIXTURE_FOLDER}/`;
  return [...tree.entries.values()]
    .filter((entry) => entry.path.startsWith(folder) && isRegular(entry))
    .map((entry) => entry.path)
    .filter((path) => isFixturePlace(path) && !isOtherPlace(path))
    .sort()
    .slice(0, FIXTURE_FILES_MAX + 1);
}
