import { z } from "zod";
import type { JudgeQuestion } from "../grading/grader.ts";
import { type Parsed, type Problem, parsed } from "../problem.ts";
import { readYaml } from "../yaml.ts";

/** Where the command line writes what a calibration found; the app believes only the default branch's. */
export const CALIBRATION_RESULT_PATH = "evals/calibration/results.json";

/** Examples that one file may hold. */
const EXAMPLES_MAX = 500;
const TEXT_MAX = 20_000;
const MESSAGES_MAX = 50;

const text = z.string().min(1).max(TEXT_MAX);

const exampleSchema = z
  .strictObject({
    id: z
      .string()
      .regex(/^[a-z0-9-]{1,80}$/, "expected a-z, 0-9 and -, at most 80")
      .describe("Of its own among all examples."),
    conversation: z
      .array(z.strictObject({ role: z.enum(["user", "assistant"]), content: text }))
      .max(MESSAGES_MAX)
      .default([]),
    answer: z.string().max(TEXT_MAX).describe("The final answer that is judged."),
    reference: text.optional(),
    must: text.optional().describe("One requirement as a fixture's `expect.judge.must` has it."),
    must_not: text.optional().describe("Or one as `expect.judge.must_not` has it."),
    label: z
      .enum(["pass", "fail"])
      .describe("What a person says, before a judge is asked: whether the requirement is kept."),
    by: z.string().max(200).optional().describe("Who labelled it."),
  })
  .refine(({ must, must_not }) => (must === undefined) !== (must_not === undefined), {
    message: "expected either must or must_not",
  });

/** The shape of a file of examples that people labelled. */
export const calibrationFileSchema = z.strictObject({
  examples: z.array(exampleSchema).min(1).max(EXAMPLES_MAX),
});

/** An answer with a requirement, and what a person says of it. */
export type CalibrationExample = z.output<typeof exampleSchema>;

/** Reads a file of examples; places are those of the file. */
export function parseExamples(content: string): Parsed<readonly CalibrationExample[]> {
  const read = readYaml(content, calibrationFileSchema);
  return read.kind === "unusable" ? read : parsed(read.value.value.examples);
}

/** Finds examples that share an id, so that one of them would count twice. */
export function repeatedExamples(examples: readonly CalibrationExample[]): readonly Problem[] {
  const groups = Map.groupBy(examples, ({ id }) => id);
  return [...groups]
    .filter(([, group]) => group.length > 1)
    .map(([id, group]) => ({ at: "examples", expected: "an id once", got: `${id}, ${group.length} times` }));
}

/** Puts an example as a fixture would put it: the label is not shown. */
export function questionOfExample(example: CalibrationExample): JudgeQuestion {
  const { conversation, answer, reference, must, must_not } = example;
  const item =
    must === undefined
      ? ({ kind: "must_not", text: must_not ?? "" } as const)
      : ({ kind: "must", text: must } as const);
  return { conversation, answer, reference, items: [item] };
}
