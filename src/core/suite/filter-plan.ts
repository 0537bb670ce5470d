import type { FixtureFile } from "../fixture/fixture.ts";
import { editDistance } from "../text/nearest-word.ts";
import type { SuitePlan } from "./suite.ts";

const NEAREST_SHOWN_MAX = 3;

/** A plan narrowed to what was named, or the names that fit nothing, each with the ids that are nearest. */
export type FilteredPlan =
  | { readonly kind: "filtered"; readonly plan: SuitePlan }
  | {
      readonly kind: "unmatched";
      readonly names: readonly { readonly name: string; readonly nearest: readonly string[] }[];
    };

/**
 * Narrows a plan to the fixtures that somebody named; without names it stays as it is.
 * A name is a whole id, which means this fixture alone, or else part of an id or path, a tag, or an incident.
 */
export function filterPlan(plan: SuitePlan, names: readonly string[]): FilteredPlan {
  if (names.length === 0) return { kind: "filtered", plan };
  const files = [...plan.selected, ...plan.leftOut].map(({ file }) => file);
  const ids = new Set(files.map(({ fixture }) => fixture.id));
  const fits = (name: string) => (ids.has(name) ? isCalled(name) : isAbout(name.toLowerCase()));
  const unmatched = names.filter(
    (name) => !files.some(fits(name)) && !plan.broken.some(({ path }) => path.includes(name)),
  );
  if (unmatched.length > 0) {
    return {
      kind: "unmatched",
      names: unmatched.map((name) => ({ name, nearest: nearest(name, [...ids]) })),
    };
  }
  const isNamed = (file: FixtureFile): boolean => names.some((name) => fits(name)(file));
  const others = plan.selected.filter(({ file }) => !isNamed(file));
  return {
    kind: "filtered",
    plan: {
      ...plan,
      selected: plan.selected.filter(({ file }) => isNamed(file)),
      leftOut: [
        ...plan.leftOut.filter(({ file }) => isNamed(file)),
        ...others.map(({ file }) => ({ file, because: "the filter does not name it" })),
      ],
      broken: plan.broken.filter(({ path }) => names.some((name) => path.includes(name))),
    },
  };
}

function isCalled(id: string): (file: FixtureFile) => boolean {
  return ({ fixture }) => fixture.id === id;
}

function isAbout(name: string): (file: FixtureFile) => boolean {
  return ({ path, fixture: { id, incident, tags } }) =>
    id.includes(name) ||
    path.toLowerCase().includes(name) ||
    incident?.toLowerCase() === name ||
    tags.some((tag) => tag.toLowerCase() === name);
}

function nearest(name: string, ids: readonly string[]): readonly string[] {
  return ids
    .map((id) => ({ id, distance: editDistance(name, id) }))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, NEAREST_SHOWN_MAX)
    .map(({ id }) => id);
}
