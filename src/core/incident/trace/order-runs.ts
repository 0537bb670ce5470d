import type { Run } from "./run.ts";

/** A run with what its place in the trace makes of it. */
export interface PlacedRun extends Run {
  /** Runs around it, from the nearest out. */
  readonly ancestors: readonly Run[];
}

const ANCESTORS_MAX = 50;

/**
 * Puts runs into the order in which they began: by their times, a run after its parent, and where times are missing as
 * they are written. A run that was exported twice is one; parents that are unknown or in a circle are none.
 */
export function orderRuns(written: readonly Run[]): readonly PlacedRun[] {
  const runs = withoutRepeats(written);
  const byId = new Map(runs.flatMap((run) => (run.id === undefined ? [] : [[run.id, run] as const])));
  const placed = runs.map((run) => ({ ...run, ancestors: ancestorsOf(run, byId) }));
  const children = Map.groupBy(placed, ({ ancestors: [parent] }) => parent?.id);
  const ordered: { readonly run: PlacedRun; readonly atMs: number }[] = [];
  // A run without a time begins with what stands before it.
  const visit = (siblings: readonly PlacedRun[], fromMs: number): void => {
    const waiting = inOrder(siblings)
      .map((run) => ({ run, fromMs }))
      .reverse();
    while (waiting.length > 0) {
      const next = waiting.pop();
      if (next === undefined) break;
      const last = ordered.at(-1)?.atMs ?? next.fromMs;
      const atMs = next.run.startMs ?? Math.max(next.fromMs, last);
      ordered.push({ run: next.run, atMs });
      const inside = next.run.id === undefined ? [] : (children.get(next.run.id) ?? []);
      // Two runs may have one id.
      children.delete(next.run.id);
      waiting.push(
        ...inOrder(inside)
          .map((run) => ({ run, fromMs: atMs }))
          .reverse(),
      );
    }
  };
  visit(children.get(undefined) ?? [], Number.NEGATIVE_INFINITY);
  return ordered.toSorted((a, b) => a.atMs - b.atMs || 0).map(({ run }) => run);
}

function inOrder(siblings: readonly PlacedRun[]): readonly PlacedRun[] {
  const isOrdered = siblings.every(({ order }) => order !== undefined);
  if (isOrdered) return siblings.toSorted((a, b) => ((a.order ?? "") < (b.order ?? "") ? -1 : 1));
  const isTimed = siblings.every(({ startMs }) => startMs !== undefined);
  return isTimed ? siblings.toSorted((a, b) => (a.startMs ?? 0) - (b.startMs ?? 0)) : siblings;
}

function ancestorsOf(run: Run, byId: ReadonlyMap<string, Run>): readonly Run[] {
  const ancestors: Run[] = [];
  const seen = new Set([run.id]);
  let next = run.parent === undefined ? undefined : byId.get(run.parent);
  while (next !== undefined && ancestors.length < ANCESTORS_MAX) {
    if (seen.has(next.id)) return [];
    seen.add(next.id);
    ancestors.push(next);
    next = next.parent === undefined ? undefined : byId.get(next.parent);
  }
  return ancestors;
}

/** Of a run that was exported when it began and again when it ended, what was told last stays. */
function withoutRepeats(runs: readonly Run[]): readonly Run[] {
  const kept = new Map<string, Run>();
  for (const [index, run] of runs.entries()) {
    const key = run.id === undefined ? `#${index}` : `${run.id} ${run.kind} ${run.name}`;
    const known = kept.get(key);
    kept.set(key, known === undefined ? run : merged(known, run));
  }
  return [...kept.values()];
}

function merged(first: Run, again: Run): Run {
  const isTold = again.answer.result !== undefined || again.answer.error !== undefined;
  return {
    ...again,
    startMs: first.startMs ?? again.startMs,
    endMs: again.endMs ?? first.endMs,
    given: again.given ?? first.given,
    answer: isTold ? again.answer : first.answer,
    input: again.input ?? first.input,
    output: again.output ?? first.output,
  };
}
