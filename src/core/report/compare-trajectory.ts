import type { Fixture } from "../fixture/fixture.ts";
import { isNamed, type Span, type SpanError, type Trajectory } from "../trajectory/trajectory.ts";

const SPANS_COMPARED_MAX = 200;

/** One step of expected and observed side by side; what is missing on a side is undefined. */
export interface TrajectoryRow {
  readonly expected: string | undefined;
  readonly observed: string | undefined;
  /** Expected and observed part here. */
  readonly parts: boolean;
}

/** Lays what a fixture expects beside what the agent did: spans in their order, the stop reason last. */
export function compareTrajectory(
  fixture: Fixture,
  trajectory: Trajectory,
  blamed: ReadonlySet<string> = new Set(),
): readonly TrajectoryRow[] {
  const spans = trajectory.spans.filter((span) => span.kind !== "model").slice(0, SPANS_COMPARED_MAX);
  const required = (fixture.expect.trajectory?.required ?? []).slice(0, SPANS_COMPARED_MAX);
  const order = fixture.expect.trajectory?.order;
  const pairs =
    order === "strict" || order === "subsequence"
      ? alignInOrder(required, spans)
      : alignAnyOrder(required, spans);
  const rows = pairs.map((pair) => rowOf(pair, fixture, blamed));
  return [...rows, stopRow(fixture, trajectory)];
}

interface Pair {
  readonly name: string | undefined;
  readonly span: Span | undefined;
}

function rowOf({ name, span }: Pair, fixture: Fixture, blamed: ReadonlySet<string>): TrajectoryRow {
  const { forbidden = [], order } = fixture.expect.trajectory ?? {};
  if (span === undefined) return { expected: name, observed: undefined, parts: true };
  const ban = forbidden.find((one) => isNamed(span, one));
  const isExtra = name === undefined && fixture.expect.trajectory?.required !== undefined;
  const isUnwanted = isExtra && (order === "strict" || order === "unordered");
  return {
    expected: ban === undefined ? (name ?? (isUnwanted ? "nothing here" : undefined)) : `never ${ban}`,
    observed: observedText(span),
    parts: ban !== undefined || isUnwanted || blamed.has(span.id),
  };
}

function observedText(span: Span): string {
  const failure = span.error === undefined ? span.status : (ERROR_WORDS[span.error.type] ?? span.status);
  const failed = span.status === "succeeded" ? "" : ` (${failure})`;
  const planted = span.planted === undefined ? "" : ` (planted: ${span.planted})`;
  const effect = span.sideEffect === undefined ? "" : ` (side effect: ${span.sideEffect})`;
  return span.name + (effect === "" ? failed : effect) + planted;
}

const ERROR_WORDS: Readonly<Partial<Record<SpanError["type"], string>>> = {
  timeout: "timed out",
  malformed: "broken answer",
  unknown_tool: "no such tool",
  malformed_call: "arguments that are no JSON object",
};

function stopRow(fixture: Fixture, trajectory: Trajectory): TrajectoryRow {
  const expected = fixture.expect.stop_reason;
  return {
    expected: expected === undefined ? undefined : `stop: ${expected}`,
    observed: `stop: ${trajectory.stopReason}`,
    parts: expected !== undefined && expected !== trajectory.stopReason,
  };
}

/** Pairs as many names and spans as can be paired without crossing: the longest common subsequence. */
function alignInOrder(required: readonly string[], spans: readonly Span[]): readonly Pair[] {
  const longest = commonLengths(required, spans);
  const pairs: Pair[] = [];
  let row = 0;
  let column = 0;
  while (row < required.length || column < spans.length) {
    const name = required[row];
    const span = spans[column];
    if (name !== undefined && span !== undefined && isNamed(span, name)) {
      pairs.push({ name, span });
      row += 1;
      column += 1;
    } else if (
      span === undefined ||
      (name !== undefined && at(longest, row + 1, column) >= at(longest, row, column + 1))
    ) {
      pairs.push({ name, span: undefined });
      row += 1;
    } else {
      pairs.push({ name: undefined, span });
      column += 1;
    }
  }
  return pairs;
}

/** Row by row from the last name: how many pairs are still possible from each span on. */
function commonLengths(required: readonly string[], spans: readonly Span[]): readonly (readonly number[])[] {
  const rows: (readonly number[])[] = [spans.map(() => 0)];
  for (const name of required.toReversed()) rows.push(lengthsOf(name, spans, rows.at(-1) ?? []));
  return rows.reverse();
}

function lengthsOf(name: string, spans: readonly Span[], below: readonly number[]): readonly number[] {
  const row: number[] = [];
  for (const [column, span] of [...spans.entries()].reverse()) {
    const isPair = isNamed(span, name);
    row[column] = isPair ? (below[column + 1] ?? 0) + 1 : Math.max(below[column] ?? 0, row[column + 1] ?? 0);
  }
  return row;
}

function at(lengths: readonly (readonly number[])[], row: number, column: number): number {
  return lengths[row]?.[column] ?? 0;
}

/** Pairs each span with the first name that still wants it; a missing name stands behind the one that it follows. */
function alignAnyOrder(required: readonly string[], spans: readonly Span[]): readonly Pair[] {
  const open = new Map(required.map((name, index) => [index, name]));
  const pairs: Pair[] = spans.map((span) => {
    const match = [...open].find(([, name]) => isNamed(span, name));
    if (match === undefined) return { name: undefined, span };
    open.delete(match[0]);
    return { name: match[1], span };
  });
  return [...open].reduce(
    (laid, [index, name]) => insertBehind(laid, required[index - 1], name),
    pairs as readonly Pair[],
  );
}

function insertBehind(pairs: readonly Pair[], before: string | undefined, name: string): readonly Pair[] {
  const missing = { name, span: undefined };
  if (before === undefined) return [missing, ...pairs];
  const place = pairs.findIndex((pair) => pair.name === before);
  return place === -1 ? [...pairs, missing] : pairs.toSpliced(place + 1, 0, missing);
}
