import type { AskJudge, JudgeDecision } from "../grading/grader.ts";
import type { CalibrationCounts, LabelCounts } from "./calibration.ts";
import { type CalibrationExample, questionOfExample } from "./example.ts";

/** An example that the judge decided otherwise than the person, or not at all. */
export interface Disagreement {
  readonly id: string;
  readonly label: CalibrationExample["label"];
  readonly verdict: JudgeDecision["verdict"];
  readonly because: string;
}

/** What a judge said of all examples, or why it could not be asked about all of them. */
export type CalibrationRun =
  | {
      readonly kind: "measured";
      readonly counts: CalibrationCounts;
      readonly disagreements: readonly Disagreement[];
    }
  | { readonly kind: "unavailable"; readonly because: string };

/** Asks a judge about every example, each on its own; one that stays without an answer leaves nothing measured. */
export async function runCalibration(
  examples: readonly CalibrationExample[],
  askJudge: AskJudge,
  signal: AbortSignal,
): Promise<CalibrationRun> {
  const answers = await Promise.all(
    examples.map(async (example) => ({
      example,
      answer: await askJudge(questionOfExample(example), signal),
    })),
  );
  const decided: Disagreement[] = [];
  for (const { example, answer } of answers) {
    if (answer.kind === "unavailable") return { kind: "unavailable", because: answer.because };
    const [decision] = answer.decisions;
    const { verdict, because } = decision ?? { verdict: "unclear", because: "no decision" };
    decided.push({ id: example.id, label: example.label, verdict, because });
  }
  return {
    kind: "measured",
    counts: { passes: countLabel(decided, "pass"), fails: countLabel(decided, "fail") },
    disagreements: decided.filter(({ label, verdict }) => verdict !== AGREEING[label]),
  };
}

const AGREEING = { pass: "yes", fail: "no" } as const;

function countLabel(decided: readonly Disagreement[], label: CalibrationExample["label"]): LabelCounts {
  const own = decided.filter((one) => one.label === label);
  const count = (verdict: JudgeDecision["verdict"]) => own.filter((one) => one.verdict === verdict).length;
  return { pass: count("yes"), fail: count("no"), unclear: count("unclear") };
}
