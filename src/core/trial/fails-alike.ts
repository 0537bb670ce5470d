import type { Side, Trial } from "./trial.ts";

/** Tells whether every trial of one side fails all that every trial of another failed: the same failure, not just any. */
export function failsAlike(side: Side, other: Side): boolean {
  const [first = new Set<string>(), ...rest] = other.trials.map(failedPlaces);
  const always = [...first].filter((at) => rest.every((places) => places.has(at)));
  const failed = side.trials.map(failedPlaces);
  return (
    always.length > 0 && failed.length > 0 && failed.every((places) => always.every((at) => places.has(at)))
  );
}

function failedPlaces(trial: Trial): ReadonlySet<string> {
  if (trial.status !== "failed") return new Set();
  return new Set(trial.grades.filter(({ grade }) => grade.kind === "fail").map(({ at }) => at));
}
