import type { ORDERS } from "../fixture/trajectory-expectation.ts";
import { kindOfName } from "../trajectory/trajectory.ts";
import { onlyIfDelivered } from "./deliverable.ts";
import type { Grade, Grader } from "./grader.ts";
import { isStepNamed, type Step, stepName, stepsOf, stepsText } from "./steps.ts";

/** The spans that a fixture asks for, and how they must lie. */
export interface RequiredSpans {
  readonly required: readonly string[];
  readonly order: (typeof ORDERS)[number];
}

/** Where expected and observed part. */
interface Parting {
  readonly because: string;
  readonly step?: Step;
}

/** Passes when the required spans occur and lie as the order says. */
export function requiredSpans({ required, order }: RequiredSpans): Grader {
  const kinds = required.flatMap((name) => kindOfName(name) ?? []);
  return onlyIfDelivered(kinds, async ({ trajectory }) => {
    const parting = PARTINGS[order](stepsOf(trajectory), required);
    if (parting === undefined) return { kind: "pass", because: "the required spans occur as they should" };
    return {
      kind: "fail",
      because: parting.because,
      expected: `${required.join(order === "superset" || order === "unordered" ? ", " : " → ")} (${order})`,
      observed: stepsText(trajectory),
      ...spanIdOf(parting),
    } satisfies Grade;
  });
}

type FindParting = (steps: readonly Step[], required: readonly string[]) => Parting | undefined;

const PARTINGS: Readonly<Record<RequiredSpans["order"], FindParting>> = {
  strict: (steps, required) => {
    let rest = required;
    for (const step of steps) {
      const taken = takeInOrder(step, rest);
      rest = rest.slice(taken);
      if (taken > 0 || isRepeatedSearch(step, required.slice(0, required.length - rest.length))) continue;
      const instead = rest[0] === undefined ? "the end" : rest[0];
      return { because: `${stepName(step)} occurred where ${instead} was expected`, step };
    }
    return missing(rest.slice(0, 1));
  },
  subsequence: (steps, required) => {
    let rest = required;
    for (const step of steps) rest = rest.slice(takeInOrder(step, rest));
    return missing(rest.slice(0, 1));
  },
  unordered: (steps, required) => {
    let rest = required;
    for (const step of steps) {
      const left = takeAny(step, rest);
      if (left.length === rest.length && !isRepeatedSearch(step, required)) {
        return { because: `${stepName(step)} occurred and is not among the required spans`, step };
      }
      rest = left;
    }
    return missing(rest);
  },
  superset: (steps, required) => {
    let rest = required;
    for (const step of steps) rest = takeAny(step, rest);
    return missing(rest);
  },
};

/** Counts how many of the next names a step satisfies: a span may have two names, and a search several documents. */
function takeInOrder(step: Step, rest: readonly string[]): number {
  const taken = new Set<string>();
  for (const name of rest) {
    if (taken.has(name) || !isStepNamed(step, name)) break;
    taken.add(name);
  }
  return taken.size;
}

/** Takes each name that a step satisfies out of the list, once. */
function takeAny(step: Step, rest: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  return rest.filter((name) => {
    if (taken.has(name) || !isStepNamed(step, name)) return true;
    taken.add(name);
    return false;
  });
}

/** Tells whether a search served again what was served before: that an agent looks twice is no deviation. */
function isRepeatedSearch(step: Step, before: readonly string[]): boolean {
  return (
    step.spans.every(({ kind }) => kind === "retrieval") && before.some((name) => isStepNamed(step, name))
  );
}

function missing(names: readonly string[]): Parting | undefined {
  if (names.length === 0) return undefined;
  return {
    because: `${names.join(", ")} did not occur${names.length === 1 ? " where it was required" : ""}`,
  };
}

function spanIdOf({ step }: Parting): { readonly spanId?: string } {
  const id = step?.spans[0]?.id;
  return id === undefined ? {} : { spanId: id };
}
