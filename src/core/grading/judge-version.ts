import type { JudgeConfig } from "../config/config.ts";
import type { Digest } from "../trial/trial-key.ts";
import { askForJudgement, JUDGE_PROMPT_VERSION } from "./judge-prompt.ts";

/** Hex digits that a version is shown with. */
const SHOWN = 12;

/** What every judge's model is asked with; the provider's defaults for the rest. */
export const JUDGE_PARAMETERS = { answerTokensMax: 8_192 } as const;

/** The models that judge: those of the configuration, or the one of the environment. */
export function judgeModels({ model, models }: JudgeConfig, otherwise: string): readonly string[] {
  return models ?? [model ?? otherwise];
}

/**
 * Names exactly who judges: a digest of the words that a judge is given, the form of its answer, its models, their
 * parameters and how they vote. What one version was found to be right about says nothing of another.
 */
export function judgeVersion(judge: JudgeConfig, otherwise: string, digest: Digest): string {
  return versionOf([judgeModels(judge, otherwise), judge.rule, judge.samples], digest);
}

/** Names one model of a judge, with the words and parameters that it is asked with. */
export function modelVersion(model: string, digest: Digest): string {
  return versionOf([model], digest);
}

function versionOf(who: readonly unknown[], digest: Digest): string {
  const items = [{ kind: "must", text: "" } as const];
  const template = askForJudgement({ conversation: [], answer: "", reference: "", items }, "");
  return digest(JSON.stringify([JUDGE_PROMPT_VERSION, template, JUDGE_PARAMETERS, ...who])).slice(0, SHOWN);
}
