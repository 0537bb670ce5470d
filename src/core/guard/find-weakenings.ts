import type { ChangedFile } from "../change/change-type.ts";
import { CONFIG_PATH, type Config } from "../config/config.ts";
import type { FixtureFile } from "../fixture/fixture.ts";
import { problemText } from "../problem.ts";
import type { ReadFixtures } from "../suite/read-fixtures.ts";
import type { Tree } from "../suite/snapshot.ts";
import { compileGlob } from "../text/glob.ts";
import { compareConfig } from "./compare-config.ts";
import { compareFixture } from "./compare-fixture.ts";
import { findMovedOutOfScope } from "./out-of-scope.ts";
import type { Weakened, WeakenedPart } from "./weakening.ts";

/** Everything that tells what a pull request takes from the protection of its agents. */
export interface GuardInputs {
  /** The commit that the head goes out from. */
  readonly base: GuardSide;
  readonly head: GuardSide;
  /** What differs between the two. */
  readonly files: readonly ChangedFile[];
  /** The same fixtures as the protecting branches have them now, the default branch first: they say who owns one. */
  readonly protecting: readonly ReadFixtures[];
  /** Prompts that get words which the gate gives to no agent. */
  readonly hiddenWords: readonly string[];
  /** Who is accountable for the loop, as the default branch says it. */
  readonly loopOwner: string | undefined;
  /** The day in UTC, as `2026-04-18`. */
  readonly today: string;
}

/** One commit, as far as the pull request touches what it holds. */
interface GuardSide {
  /** Undefined where none can be used: then there is nothing to compare with, which is told elsewhere. */
  readonly config: Config | undefined;
  readonly tree: Tree;
  /** The fixtures in files that differ between base and head. */
  readonly fixtures: ReadFixtures;
}

/** Lists every fixture, file and setting that a pull request weakens; what it adds or strengthens is none of them. */
export function findWeakenings(inputs: GuardInputs): readonly Weakened[] {
  return [
    ...unseen(inputs),
    ...fixtures(inputs),
    ...configuration(inputs),
    ...scope(inputs),
    ...calibration(inputs),
    ...inputs.hiddenWords.map((path) => ofLoop(inputs.loopOwner, path, { kind: "words_hidden" })),
  ];
}

function unseen({ base, head, loopOwner }: GuardInputs): readonly Weakened[] {
  if (!base.tree.truncated && !head.tree.truncated) return [];
  const because =
    "the repository has more files than GitHub lists, so what this pull request changes cannot be told";
  return [ofLoop(loopOwner, CONFIG_PATH, { kind: "unseen", because })];
}

function fixtures(inputs: GuardInputs): readonly Weakened[] {
  const atHead = new Map(inputs.head.fixtures.files.map((file) => [file.fixture.id, file]));
  return inputs.base.fixtures.files.flatMap((file): readonly Weakened[] => {
    const head = atHead.get(file.fixture.id);
    const part = head === undefined ? missingPart(file, inputs) : changedPart(file, head, inputs.today);
    if (part === undefined) return [];
    const headPath = head?.path ?? (part.kind === "fixture_unreadable" ? file.path : undefined);
    return [{ name: file.fixture.id, path: file.path, headPath, owner: ownerOf(file, inputs), part }];
  });
}

function changedPart(base: FixtureFile, head: FixtureFile, today: string): WeakenedPart | undefined {
  const changes = compareFixture(base, head, today);
  return changes.length === 0 ? undefined : { kind: "fixture_changed", changes };
}

function missingPart(file: FixtureFile, { base, head }: GuardInputs): WeakenedPart {
  const broken = head.fixtures.broken.find(({ path }) => path === file.path);
  const [problem] = broken?.problems ?? [];
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

function configuration({ base, head, loopOwner }: GuardInputs): readonly Weakened[] {
  if (base.config === undefined || head.config === undefined) return [];
  const changes = compareConfig(base.config, head.config);
  return changes.length === 0
    ? []
    : [ofLoop(loopOwner, CONFIG_PATH, { kind: "configuration_changed", changes })];
}

function scope({ base, head, files, loopOwner }: GuardInputs): readonly Weakened[] {
  const config = base.config ?? head.config;
  if (config === undefined) return [];
  const moved = findMovedOutOfScope({
    base: { config, tree: base.tree },
    head: { config: head.config ?? config, tree: head.tree },
    files,
  });
  return moved.map(({ path, movedTo }) =>
    ofLoop(loopOwner, path, { kind: "out_of_scope", movedTo }, movedTo),
  );
}

function calibration({ base, files, loopOwner }: GuardInputs): readonly Weakened[] {
  const glob = base.config?.judge.calibration;
  if (glob === undefined) return [];
  const isExample = compileGlob(glob);
  return files
    .filter(({ path }) => isExample(path))
    .map(({ path, kind }) =>
      ofLoop(loopOwner, path, { kind: "calibration_changed" }, kind === "removed" ? undefined : path),
    );
}

/** What belongs to no fixture belongs to the one team that is accountable for the loop. */
function ofLoop(
  owner: string | undefined,
  path: string,
  part: WeakenedPart,
  headPath: string | undefined = path,
): Weakened {
  return { name: path, path, headPath, owner, part };
}
