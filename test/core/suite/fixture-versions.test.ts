import { expect, test } from "@jest/globals";
import fc from "fast-check";
import type { FixtureFile } from "../../../src/core/fixture/fixture.ts";
import { fixtureVersions } from "../../../src/core/suite/fixture-versions.ts";
import type { ReadFixtures } from "../../../src/core/suite/read-fixtures.ts";
import { aFixtureFile } from "../../build/fixtures.ts";

const IDS = ["a", "b", "c"];
const LEVELS = ["blocking", "warning", "exploratory"] as const;

function readSet(files: readonly FixtureFile[]): ReadFixtures {
  return { files, broken: [], ignored: [] };
}

/** Some of the fixtures, each in one of three versions at one of two places. */
const aSet = fc
  .record(
    Object.fromEntries(
      IDS.map((id) => [id, fc.option(fc.tuple(fc.constantFrom(...LEVELS), fc.constantFrom("x", "y")))]),
    ),
  )
  .map((choice) =>
    readSet(
      IDS.flatMap((id) => {
        const picked = choice[id];
        if (picked === null || picked === undefined) return [];
        const [level, folder] = picked;
        return [aFixtureFile({ id, level }, `evals/${folder}/${id}.yml`)];
      }),
    ),
  );

const places = fc
  .subarray(IDS.flatMap((id) => [`evals/x/${id}.yml`, `evals/y/${id}.yml`]))
  .map((paths) => paths.map((path) => ({ path, kind: "modified" as const })));

const saying = ({ fixture }: FixtureFile): string => `${fixture.id} ${fixture.level}`;

test("no version of a protecting branch is ever left out, whatever the head does", () => {
  fc.assert(
    fc.property(
      fc.array(aSet, { minLength: 1, maxLength: 2 }),
      aSet,
      places,
      (protecting, proposed, changedFiles) => {
        const listed = fixtureVersions({ protecting, proposed, changedFiles }).map(({ file }) =>
          saying(file),
        );
        return protecting.every((set) => set.files.every((file) => listed.includes(saying(file))));
      },
    ),
  );
});

test("no version is listed twice, and the head's is listed wherever the pull request touches it", () => {
  fc.assert(
    fc.property(
      fc.array(aSet, { minLength: 1, maxLength: 2 }),
      aSet,
      places,
      (protecting, proposed, changedFiles) => {
        const versions = fixtureVersions({ protecting, proposed, changedFiles });
        const listed = versions.map(({ file }) => saying(file));
        const isTouched = (file: FixtureFile) => changedFiles.some(({ path }) => path === file.path);
        expect(new Set(listed).size).toBe(listed.length);
        return proposed.files.every((file) => !isTouched(file) || listed.includes(saying(file)));
      },
    ),
  );
});
