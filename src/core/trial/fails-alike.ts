import type { Side, Trial } from "./trial.ts";

/** Tells which trials fail all that every failed trial of a side failed: the same failure, not just any. */
export function failsLike(side: Side): (trial: Trial) => boolean {
  const [first = new Set<string>(), ...rest] = side.trials
    .filter(({ status }) => status === "failed")
    .map(failedPlaces);
  const always = [...first].filter((at) => rest.every((places) => places.has(at)));
  return (trial) => {
    const places = failedPlaces(trial);
    return always.length > 0 && always.every((at) => places.has(at));
  };
}

function failedPlaces(trial: Trial): ReadonlySet<string> {
  if (trial.status !== "failed") return new Set();
  return new Set(trial.grades.filter(({ grade }) => grade.kind === "fail").map(({ at }) => at));
}
