import type { Transition } from "../fixture/expectation.ts";
import { type JsonObject, type JsonValue, jsonEquals } from "../json.ts";
import { shownValue } from "../schema-problems.ts";
import { type CaseState, followState, leavesOf, type StateChange } from "../trajectory/case-state.ts";
import type { Evidence, Grader } from "./grader.ts";

const SHOWN_MAX = 20;

/** Passes when these changes of the state occur in this order, others between. */
export function transitions(expected: readonly Transition[]): Grader {
  return async (evidence) => {
    const { changes } = stateOf(evidence);
    let next = 0;
    let last: StateChange | undefined;
    for (const change of changes) {
      const wanted = expected[next];
      if (wanted === undefined) break;
      if (!isSame(change, wanted)) continue;
      next += 1;
      last = change;
    }
    const missing = expected[next];
    const place = last === undefined ? {} : { spanId: last.spanId };
    if (missing === undefined) return { kind: "pass", because: "the state changed as expected", ...place };
    return {
      kind: "fail",
      because: `${transitionText(missing)} did not occur${next === 0 ? "" : " where it was expected"}`,
      expected: expected.map(transitionText).join(" → "),
      observed: changes.slice(0, SHOWN_MAX).map(transitionText).join(" → ") || "no change of the state",
      ...place,
    };
  };
}

/** Passes when the state holds this at the end; a key of which nothing is known leaves it open. */
export function finalState(expected: JsonObject): Grader {
  return async (evidence) => {
    const state = stateOf(evidence);
    const wanted = leavesOf(expected);
    const wrong = wanted.find(([key, value]) => isOther(state.final.get(key), value));
    if (wrong !== undefined) {
      const [key, value] = wrong;
      const last = state.changes.findLast((change) => change.key === key);
      return {
        kind: "fail",
        because: `${key} is ${shownValue(state.final.get(key))} at the end`,
        expected: `${key}: ${shownValue(value)}`,
        observed: `${key}: ${shownValue(state.final.get(key))}`,
        ...(last === undefined ? {} : { spanId: last.spanId }),
      };
    }
    const unknown = wanted.find(([key]) => !state.final.has(key));
    if (unknown === undefined) return { kind: "pass", because: "the state is as expected at the end" };
    const because = `nothing tells what ${unknown[0]} is: give it under input.context.state, or let a recording set it`;
    return { kind: "ungraded", because };
  };
}

function stateOf({ fixture, trajectory }: Evidence): CaseState {
  return followState(fixture.input.context.state, trajectory.spans);
}

function isOther(value: JsonValue | undefined, wanted: JsonValue): boolean {
  return value !== undefined && !jsonEquals(value, wanted);
}

function isSame(change: StateChange, { key, from, to }: Transition): boolean {
  if (change.key !== key || !jsonEquals(change.to, to)) return false;
  return from === undefined || (change.from !== undefined && jsonEquals(change.from, from));
}

function transitionText({ key, from, to }: Transition | StateChange): string {
  return from === undefined
    ? `${key}: ${shownValue(to)}`
    : `${key}: ${shownValue(from)} to ${shownValue(to)}`;
}
