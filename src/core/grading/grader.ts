import type { Fixture } from "../fixture/fixture.ts";
import type { Trajectory, Usage } from "../trajectory/trajectory.ts";

/** What a grader decided of one aspect of a trial. `ungraded` means that it could not tell, which is not a pass. */
export type Grade =
  | {
      readonly kind: "pass";
      readonly because: string;
      /** The span that shows it, where one does. */
      readonly spanId?: string;
    }
  | {
      readonly kind: "fail";
      readonly because: string;
      readonly expected: string;
      readonly observed: string;
      /** The span where expected and observed part. */
      readonly spanId?: string;
    }
  | { readonly kind: "ungraded"; readonly because: string };

/** One item that a judge decides on its own. */
export interface JudgeItem {
  readonly kind: "must" | "must_not";
  readonly text: string;
}

/** What a judge is shown: no more than the case needs. */
export interface JudgeQuestion {
  readonly conversation: readonly { readonly role: "user" | "assistant"; readonly content: string }[];
  readonly answer: string;
  readonly reference: string | undefined;
  readonly items: readonly JudgeItem[];
}

/** What a judge says of one item: `yes` where the answer does what it must, or leaves out what it must not do. */
export interface JudgeDecision {
  readonly verdict: "yes" | "no" | "unclear";
  readonly because: string;
  /** Words of the answer that decided it; none where it rests on what the answer does not say. */
  readonly quote?: string;
}

/** What one request to a judge's model used. */
export interface JudgeUse {
  readonly model: string;
  readonly usage: Usage;
}

/** A judge's decisions, one for each item in their order, or why there are none. */
export type JudgeAnswer =
  | {
      readonly kind: "decided";
      readonly decisions: readonly JudgeDecision[];
      /** Model and version of the prompt: what the decisions are pinned to. */
      readonly judge: string;
      readonly model: string;
      readonly usage: Usage;
      /** What further samples and models used, where more than one was asked. */
      readonly others?: readonly JudgeUse[];
    }
  | {
      readonly kind: "unavailable";
      readonly because: string;
      /** What was paid all the same, since others of several did answer. */
      readonly others?: readonly JudgeUse[];
    };

/** Everything that was paid for an answer. */
export function usesOf(answer: JudgeAnswer): readonly JudgeUse[] {
  const others = answer.others ?? [];
  return answer.kind === "decided" ? [{ model: answer.model, usage: answer.usage }, ...others] : others;
}

/** Asks a judge, until the signal says that nobody waits any more. */
export type AskJudge = (question: JudgeQuestion, signal: AbortSignal) => Promise<JudgeAnswer>;

/** What a grader may look at. */
export interface Evidence {
  readonly trajectory: Trajectory;
  readonly fixture: Fixture;
  /** Cost of the trial in USD; undefined where the model has no known price. */
  readonly costUsd: number | undefined;
  /** Asks the judge of the trial; the one effect that grading needs, handed in. */
  readonly askJudge: (question: JudgeQuestion) => Promise<JudgeAnswer>;
}

/** Decides one aspect of a trial. */
export type Grader = (evidence: Evidence) => Promise<Grade>;

/** One grader applied at one place of a fixture. */
export interface Assertion {
  /** Name in the table of graders. */
  readonly use: string;
  /** Path in the fixture, such as `expect.trajectory.forbidden[0]`. */
  readonly at: string;
  /** An LLM decides: may warn, may not block until it is calibrated. */
  readonly judged: boolean;
  readonly grade: Grader;
}

/** What an assertion came to in one trial. */
export interface GradedAssertion {
  readonly use: string;
  readonly at: string;
  readonly judged: boolean;
  readonly grade: Grade;
}
