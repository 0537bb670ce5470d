import type { ChangedFile } from "../change/change-type.ts";
import { CONFIG_PATH, type Config } from "../config/config.ts";
import type { FixtureFile } from "../fixture/fixture.ts";
import { problemText } from "../problem.ts";
import type { BrokenFile, ReadFixtures } from "../suite/read-fixtures.ts";
import type { Tree } from "../suite/snapshot.ts";
import { compileGlob } from "../text/glob.ts";
import { compareConfig } from "./compare-config.ts";
import { compareFixture } from "./compare-fixture.ts";
import { findMovedOutOfScope } from "./out-of-scope.ts";
import type { Weakened, WeakenedPart } from "./weakening.ts";

/** Everything that tells what a pull request takes from the protection of its agents. */
export interface GuardInputs {
  /** How to judge, from the default branch: it says who owns the loop. */
  readonly judging: Config;
  /** The commit that the head goes out from; its fixtures are those whose files the pull request touches. */
  readonly base: GuardSide;
  readonly head: GuardSide;
  /** What differs between the two. */
  readonly files: readonly ChangedFile[];
  /** The fixtures of the protecting branches, the default branch's first: they say who owns a fixture. */
  readonly protecting: readonly ReadFixtures[];
  /** Fixture files that the head makes unreadable. */
  readonly brokenAtHead: readonly BrokenFile[];
  /** Why what changed cannot be told, where it cannot. */
  readonly unseenBecause: string | undefined;
  /** The day in UTC, as `2026-04-18`. */
  readonly today: string;
}

interface GuardSide {
  readonly config: Config;
  readonly tree: Tree;
  readonly fixtures: ReadFixtures;
}

/** Lists every fixture, file and setting that a pull request weakens; adding and strengthening is no such thing. */
export function findWeakenings(inputs: GuardInputs): readonly Weakened[] {
  const { unseenBecause, judging } = inputs;
  const unseen: readonly Weakened[] =
    unseenBecause === undefined
      ? []
      : [ofLoop(judging, CONFIG_PATH, { kind: "unseen", because: unseenBecause })];
  return [...unseen, ...fixtures(inputs), ...configuration(inputs), ...scope(inputs), ...calibration(inputs)];
}

function fixtures(inputs: GuardInputs): readonly Weakened[] {
  const atHead = new Map(inputs.head.fixtures.files.map((file) => [file.fixture.id, file]));
  const broken = new Map(inputs.brokenAtHead.map((file) => [file.path, file]));
  return standingAtBase(inputs, broken).flatMap((file): readonly Weakened[] => {
    const head = atHead.get(file.fixture.id);
    const part = head === undefined ? missingPart(file, broken, inputs) : changedPart(file, head, inputs);
    if (part === undefined) return [];
    const { id } = file.fixture;
    const headPath = head?.path ?? (broken.has(file.path) ? file.path : undefined);
    return [{ name: id, path: file.path, headPath, owner: ownerOf(file, inputs), part }];
  });
}

/** The fixtures whose files the pull request touches, and those that it breaks from another file. */
function standingAtBase(
  { base, protecting }: GuardInputs,
  broken: ReadonlyMap<string, BrokenFile>,
): readonly FixtureFile[] {
  const touched = new Map(base.fixtures.files.map((file) => [file.path, file]));
  const besides = protecting
    .flatMap(({ files }) => files)
    .filter(({ path }) => broken.has(path) && !touched.has(path));
  return [...touched.values(), ...new Map(besides.map((file) => [file.path, file])).values()];
}

function changedPart(base: FixtureFile, head: FixtureFile, { today }: GuardInputs): WeakenedPart | undefined {
  const changes = compareFixture(base, head, today);
  return changes.length === 0 ? undefined : { kind: "fixture_changed", changes };
}

function missingPart(
  file: FixtureFile,
  broken: ReadonlyMap<string, BrokenFile>,
  { base, head }: GuardInputs,
): WeakenedPart {
  const [problem] = broken.get(file.path)?.problems ?? [];
  if (problem !== undefined) return { kind: "fixture_unreadable", because: problemText(problem) };
  const sha = base.tree.entries.get(file.path)?.sha;
  const moved = [...head.tree.entries.values()].find(
    (entry) => entry.sha === sha && base.tree.entries.get(entry.path)?.sha !== sha,
  );
  return { kind: "fixture_removed", movedTo: moved?.path };
}

/** Who owned the fixture before the pull request: as the protecting branches say now, else as its base says. */
function ownerOf(file: FixtureFile, { protecting }: GuardInputs): string | undefined {
  const { id } = file.fixture;
  const known = protecting.flatMap(({ files }) => files).find(({ fixture }) => fixture.id === id);
  return (known ?? file).fixture.owner;
}

function configuration({ judging, base, head }: GuardInputs): readonly Weakened[] {
  const changes = compareConfig(base.config, head.config);
  return changes.length === 0
    ? []
    : [ofLoop(judging, CONFIG_PATH, { kind: "configuration_changed", changes })];
}

function scope({ judging, base, head, files }: GuardInputs): readonly Weakened[] {
  return findMovedOutOfScope({ base, head, files }).map(({ path, movedTo }) =>
    ofLoop(judging, path, { kind: "out_of_scope", movedTo }, movedTo),
  );
}

function calibration({ judging, files }: GuardInputs): readonly Weakened[] {
  const { calibration: glob } = judging.judge;
  if (glob === undefined) return [];
  const isExample = compileGlob(glob);
  return files
    .filter(({ path }) => isExample(path))
    .map(({ path, kind }) =>
      ofLoop(judging, path, { kind: "calibration_changed" }, kind === "removed" ? undefined : path),
    );
}

/** What belongs to no fixture belongs to the one team that is accountable for the loop. */
function ofLoop(
  { owner }: Config,
  path: string,
  part: WeakenedPart,
  headPath: string | undefined = path,
): Weakened {
  return { name: path, path, headPath, owner, part };
}
