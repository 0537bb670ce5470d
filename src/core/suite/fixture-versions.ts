import type { ChangedFile } from "../change/change-type.ts";
import type { FixtureFile } from "../fixture/fixture.ts";
import { canonicalJson, type JsonValue } from "../json.ts";
import type { Origin } from "../verdict/verdict.ts";
import type { ReadFixtures } from "./read-fixtures.ts";

/** One version of a fixture, where it came from, and whether the pull request touches its file. */
export interface FixtureVersion {
  readonly file: FixtureFile;
  readonly origin: Origin;
  readonly touched: boolean;
}

/** The fixtures that protect a pull request, those that it proposes, and the files that it changes. */
export interface FixtureSides {
  /** The default branch's tip first, then the tip of the base where that is another branch. */
  readonly protecting: readonly ReadFixtures[];
  readonly proposed: ReadFixtures;
  readonly changedFiles: readonly ChangedFile[];
}

/**
 * Lists every version of every fixture that may have to run.
 *
 * No version of a protecting branch is ever left out because of the head: what the pull request changes or
 * removes is listed in its base version too. What the head merely has not caught up with is no change.
 */
export function fixtureVersions(sides: FixtureSides): readonly FixtureVersion[] {
  const changed = new Set(sides.changedFiles.map(({ path }) => path));
  const proposed = new Map(sides.proposed.files.map((file) => [file.fixture.id, file]));
  const protecting = sides.protecting.map((set) => new Map(set.files.map((file) => [file.fixture.id, file])));
  const broken = new Set(sides.proposed.broken.map(({ path }) => path));
  const ids = new Set([...protecting.flatMap((set) => [...set.keys()]), ...proposed.keys()]);
  return [...ids].flatMap((id) => {
    const bases = distinct(protecting.flatMap((set) => set.get(id) ?? []));
    const head = proposed.get(id);
    const touched = [...bases, ...(head === undefined ? [] : [head])].some(({ path }) => changed.has(path));
    return versionsOf({ bases, head, touched, brokenAtHead: bases.some(({ path }) => broken.has(path)) });
  });
}

interface OneFixture {
  /** Versions of the protecting branches that differ in what they say. */
  readonly bases: readonly FixtureFile[];
  readonly head: FixtureFile | undefined;
  readonly touched: boolean;
  readonly brokenAtHead: boolean;
}

function versionsOf({ bases, head, touched, brokenAtHead }: OneFixture): readonly FixtureVersion[] {
  const version = (file: FixtureFile, origin: Origin): FixtureVersion => ({ file, origin, touched });
  const [firstBase, ...furtherBases] = bases;
  if (firstBase === undefined) {
    return head === undefined ? [] : [version(head, touched ? "added" : "unchanged")];
  }
  if (head === undefined) {
    if (touched) return bases.map((file) => version(file, brokenAtHead ? "base_version" : "removed"));
    return [version(firstBase, "unchanged"), ...furtherBases.map((file) => version(file, "base_version"))];
  }
  const differing = bases.filter((base) => !saysTheSame(base, head));
  if (differing.length === 0) return [version(head, "unchanged")];
  if (touched) {
    return [version(head, "changed"), ...differing.map((file) => version(file, "base_version"))];
  }
  // The head lags behind: the branches' own versions count, and the one it agrees with is the unchanged one.
  const agreed = bases.find((base) => saysTheSame(base, head)) ?? firstBase;
  return [
    version(agreed, "unchanged"),
    ...bases.filter((base) => base !== agreed).map((file) => version(file, "base_version")),
  ];
}

function distinct(files: readonly FixtureFile[]): readonly FixtureFile[] {
  return files.filter((file, index) => !files.slice(0, index).some((before) => saysTheSame(before, file)));
}

/** Two files say the same where only comments, layout, the order of keys or their place differ. */
function saysTheSame(one: FixtureFile, other: FixtureFile): boolean {
  // Most fixtures are the same file on all sides, read once.
  return one.fixture === other.fixture || contentOf(one) === contentOf(other);
}

function contentOf(file: FixtureFile): string {
  const plain: JsonValue = JSON.parse(JSON.stringify(file.fixture));
  return canonicalJson(plain);
}
