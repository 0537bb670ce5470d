import {
  type CalibrationStanding,
  calibrationStanding,
  digestExamples,
  examplePaths,
} from "../../core/calibration/calibration-result.ts";
import { CALIBRATION_RESULT_PATH } from "../../core/calibration/example.ts";
import type { JudgeConfig } from "../../core/config/config.ts";
import { judgeVersion } from "../../core/grading/judge-version.ts";
import { readableEntries } from "../../core/suite/readable.ts";
import type { Tree } from "../../core/suite/snapshot.ts";
import { compileGlob } from "../../core/text/glob.ts";
import type { Digest } from "../../core/trial/trial-key.ts";
import type { Repository } from "../../ports/repository.ts";

/** Who judges a repository, and the tree that says how often it was right: the default branch's, never a head's. */
export interface JudgedBy {
  readonly judge: JudgeConfig;
  /** The model where the configuration names none; undefined where no model can be asked. */
  readonly judgeModel: string | undefined;
  readonly tree: Tree;
}

/** Says how the calibration of a judge stands; it costs one read where there is a result, and nothing otherwise. */
export async function readJudgeStanding(
  { judge, judgeModel, tree }: JudgedBy,
  repository: Pick<Repository, "fetchTexts">,
  digest: Digest,
): Promise<CalibrationStanding> {
  if (judge.calibration === undefined) return { kind: "none", because: "`judge.calibration` is not set" };
  // What the guard does not watch, a pull request could write unseen.
  if (!compileGlob(judge.calibration)(CALIBRATION_RESULT_PATH))
    return { kind: "none", because: `\`judge.calibration\` does not cover ${CALIBRATION_RESULT_PATH}` };
  if (judgeModel === undefined) return { kind: "none", because: "no model can be asked" };
  const [entry] = readableEntries(tree, [CALIBRATION_RESULT_PATH]);
  const text = entry === undefined ? undefined : (await repository.fetchTexts([entry])).get(entry.sha);
  return calibrationStanding(text, {
    judge: judgeVersion(judge, judgeModel, digest),
    examples: digestExamples(tree, examplePaths(tree, judge.calibration), digest),
  });
}
