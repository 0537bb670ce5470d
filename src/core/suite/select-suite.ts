import type { Change, ChangedFile } from "../change/change-type.ts";
import type { Config } from "../config/config.ts";
import type { FixtureFile } from "../fixture/fixture.ts";
import { type Problem, problemText } from "../problem.ts";
import { shortSha } from "../text/short-sha.ts";
import { FIXTURE_FOLDER } from "./fixture-paths.ts";
import { type Scope, scopeOf } from "./fixture-scope.ts";
import { type FixtureVersion, fixtureVersions } from "./fixture-versions.ts";
import { byImportance } from "./importance.ts";
import type { BrokenFile, ReadFixtures } from "./read-fixtures.ts";
import type { Tree } from "./snapshot.ts";
import type { BrokenFixture, Selected, SuitePlan } from "./suite.ts";

/** Everything that a suite is selected from. */
export interface SuiteInputs {
  /** How the head is judged. */
  readonly config: Config;
  readonly changes: readonly Change[];
  /** What differs between the baseline and the head. */
  readonly changedFiles: readonly ChangedFile[];
  /** Fixtures of the default branch's tip, then of the base's tip where that is another branch. */
  readonly base: readonly ReadFixtures[];
  readonly head: ReadFixtures;
  readonly everythingBecause: string | undefined;
  /** The day in UTC, as `2026-04-18`. */
  readonly today: string;
}

/** Selects what a pull request runs, with a reason for each fixture that runs and for each that does not. */
export function selectSuite(inputs: SuiteInputs): SuitePlan {
  const { config, changes, changedFiles, base, head, everythingBecause, today } = inputs;
  const scope = scopeOf({ config, changes, everythingBecause });
  const judged = fixtureVersions({ protecting: base, proposed: head, changedFiles })
    .toSorted((a, b) => byImportance(a.file.fixture, b.file.fixture))
    .map((version) => ({ version, scope: scope(version) }));
  return {
    changes,
    selected: judged
      .filter((one) => one.scope.runs)
      .map(({ version, scope: its }) => selected(version, its, today)),
    leftOut: judged
      .filter((one) => !one.scope.runs)
      .map(({ version, scope: { because } }) => ({ file: version.file, because })),
    broken: brokenFixtures(inputs),
    everythingBecause,
  };
}

/** Says why everything must run: the files of a commit are not all known, so nor is what changed. */
export function everythingBecauseOf(trees: readonly Tree[]): string | undefined {
  const cut = trees.find((tree) => tree.truncated);
  if (cut === undefined) return undefined;
  return `commit ${shortSha(cut.commit)} has more files than could be listed, so what changed cannot be told`;
}

function selected({ file, origin }: FixtureVersion, { because, against }: Scope, today: string): Selected {
  const { expires_at: expiry, review_by: review } = file.fixture;
  const expiredOn = expiry !== undefined && expiry < today ? expiry : undefined;
  const reviewDueOn = review !== undefined && review < today ? review : undefined;
  return {
    file,
    origin,
    because: expiredOn === undefined ? because : `${because}; it expired on ${expiredOn}`,
    against,
    ...(expiredOn === undefined ? {} : { expiredOn }),
    ...(reviewDueOn === undefined ? {} : { reviewDueOn }),
  };
}

function brokenFixtures({
  base,
  head,
  changedFiles,
  everythingBecause,
}: SuiteInputs): readonly BrokenFixture[] {
  const changed = new Set(changedFiles.map(({ path }) => path));
  const onBase = new Map(base.flatMap((set) => set.broken.map((file) => [file.path, file] as const)));
  const isOld = (file: BrokenFile): boolean => {
    const before = onBase.get(file.path);
    if (before !== undefined && problemTexts(before.problems) === problemTexts(file.problems)) return true;
    // The folder as a whole is no file that a difference could name.
    if (everythingBecause !== undefined || file.path === FIXTURE_FOLDER) return false;
    return ![file.path, ...(file.sharesIdWith ?? [])].some((path) => changed.has(path));
  };
  const atHead = head.broken.map(
    (file): BrokenFixture => ({ ...file, brokenBy: isOld(file) ? "base" : "head" }),
  );
  const listed = new Set(head.broken.map(({ path }) => path));
  const isTouched = (path: string): boolean => everythingBecause !== undefined || changed.has(path);
  const twins = head.files
    .filter(({ path }) => isTouched(path))
    .flatMap((file) => twinOf(file, base, changed));
  const elsewhere = [...onBase.values()]
    .filter(({ path }) => !listed.has(path) && !changed.has(path))
    .map((file): BrokenFixture => ({ ...file, brokenBy: "base" }));
  return [...atHead, ...twins, ...elsewhere];
}

/**
 * Finds the fixture that a protecting branch got meanwhile under the same id in another file.
 *
 * Merged, nobody could tell which of the two is meant, and neither would protect any more. A file that the head
 * changes too was moved, and goes with the merge.
 */
function twinOf(
  { path, fixture, lines }: FixtureFile,
  base: readonly ReadFixtures[],
  changed: ReadonlySet<string>,
): readonly BrokenFixture[] {
  const other = base
    .flatMap(({ files }) => files)
    .find((one) => one.fixture.id === fixture.id && one.path !== path && !changed.has(one.path));
  if (other === undefined) return [];
  const got = `${fixture.id}, as in ${other.path} on the branch that this is to be merged into`;
  const line = lines.get("id");
  const problem = { at: "id", expected: "an id of its own", got };
  return [{ path, problems: [line === undefined ? problem : { ...problem, line }], brokenBy: "head" }];
}

function problemTexts(problems: readonly Problem[]): string {
  return problems.map(problemText).join("\n");
}
