import { z } from "zod";
import type { Tree } from "../suite/snapshot.ts";
import { compileGlob } from "../text/glob.ts";
import type { Digest } from "../trial/trial-key.ts";
import { type CalibrationCounts, measureJudge, whyNotBlocking } from "./calibration.ts";
import { CALIBRATION_RESULT_PATH } from "./example.ts";

const count = z.int().min(0);
const counts = z.strictObject({ pass: count, fail: count, unclear: count });

/** The shape of the file that binds what a calibration found to a judge and to its examples. */
export const calibrationResultSchema = z.strictObject({
  judge: z.string().describe("Version of the judge: a digest of prompt, models, parameters and vote."),
  models: z.array(z.string()),
  examples: z.string().describe("Digest of the files of examples."),
  at: z.iso.datetime(),
  passes: counts.describe("What the judge said of answers that people pass."),
  fails: counts.describe("What the judge said of answers that people fail."),
});
/** What a calibration found. */
export type CalibrationResult = z.output<typeof calibrationResultSchema>;

/** How the calibration of the judge of a repository stands. */
export type CalibrationStanding =
  | { readonly kind: "none"; readonly because: string }
  | { readonly kind: "not_enough"; readonly because: string }
  | { readonly kind: "calibrated"; readonly says: string };

/** Lists the files of examples, in the order of their paths. */
export function examplePaths(tree: Tree, glob: string | undefined): readonly string[] {
  if (glob === undefined) return [];
  const matches = compileGlob(glob);
  return [...tree.entries.keys()]
    .filter((path) => path !== CALIBRATION_RESULT_PATH && /\.ya?ml$/.test(path) && matches(path))
    .sort();
}

/** Digest of the files of examples by their content, without reading them. */
export function digestExamples(tree: Tree, paths: readonly string[], digest: Digest): string {
  return digest(JSON.stringify(paths.map((path) => [path, tree.entries.get(path)?.sha ?? ""])));
}

/**
 * Judges the judge: only what was found with this very judge, on the examples as they are, lets it block.
 *
 * The counts are weighed here; nothing is believed because a file says so.
 */
export function calibrationStanding(
  text: string | undefined,
  now: { readonly judge: string; readonly examples: string },
): CalibrationStanding {
  if (text === undefined) return { kind: "none", because: "nobody has calibrated it" };
  const read = calibrationResultSchema.safeParse(readJson(text));
  if (!read.success) return { kind: "none", because: `${CALIBRATION_RESULT_PATH} cannot be read` };
  const { judge, examples, passes, fails } = read.data;
  if (judge !== now.judge)
    return { kind: "none", because: "its model, prompt or vote is not the calibrated one" };
  if (examples !== now.examples)
    return { kind: "none", because: "its examples have changed since it was calibrated" };
  const [why] = whyNotBlocking({ passes, fails });
  if (why !== undefined) return { kind: "not_enough", because: why };
  return { kind: "calibrated", says: calibrationWords({ passes, fails }) };
}

/** Says in one line how far a judge can be believed. */
function calibrationWords(found: CalibrationCounts): string {
  const { examples, kappa, missedFailures, falseAlarms } = measureJudge(found);
  const upTo = (interval: { readonly high: number } | undefined) =>
    interval === undefined ? "unknown" : `at most ${Math.round(interval.high * 100)} %`;
  return `kappa ${kappa?.estimate.toFixed(2) ?? "unknown"} on ${examples} examples, missed failures ${upTo(missedFailures)}, false alarms ${upTo(falseAlarms)}`;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
