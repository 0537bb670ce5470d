import type { Parsed, Problem } from "../problem.ts";
import type { Tree } from "../suite/snapshot.ts";
import { CONFIG_PATH, type Config } from "./config.ts";

/** The configuration of a commit: there is none, it cannot be used, or it is there. */
export type ConfigAtCommit = { readonly kind: "absent" } | Parsed<Config>;

/** Two configurations, of which one judges the head. */
export interface JudgingCandidates {
  /** How to judge, as the protecting branch says it. */
  readonly judging: ConfigAtCommit;
  readonly headConfig: ConfigAtCommit;
  /** The tip of the protecting branch. */
  readonly defaultTree: Tree;
  /** The commit that the head goes out from. */
  readonly baseTree: Tree;
  readonly headTree: Tree;
}

/** Which configuration judges, and why everything must run where the head's own has to; or what is wrong, and where. */
export type Judging =
  | { readonly kind: "chosen"; readonly config: Config; readonly everythingBecause: string | undefined }
  | { readonly kind: "absent" }
  | {
      readonly kind: "broken";
      readonly at: "default_branch" | "head";
      readonly problems: readonly Problem[];
    };

/** Merged, it would end the gate for every pull request after it. */
const REMOVED: Problem = {
  at: CONFIG_PATH,
  expected: "the configuration to stay (to end the gate, take the check out of the branch's rules first)",
  got: "a pull request that removes it",
};

/** Said where a head has to judge itself: what it leaves out of its configuration must not go unseen. */
const NO_JUDGE_KNOWN =
  "the configuration on the default branch cannot be used and no earlier one is known, so which fixtures protect the agents cannot be told";

/**
 * Chooses the configuration that judges: that of the protecting branch.
 *
 * A head that repairs a broken one, or brings the first, judges itself, or it could never be merged. One that takes
 * the configuration away is wrong: nothing after it would be judged.
 */
export function chooseJudging({ judging, headConfig, ...trees }: JudgingCandidates): Judging {
  const { defaultTree, baseTree, headTree } = trees;
  if (headConfig.kind === "absent" && judging.kind !== "absent" && baseTree.entries.has(CONFIG_PATH))
    return { kind: "broken", at: "head", problems: [REMOVED] };
  // A head that has the protecting branch's own file did not break it.
  const [own, theirs] = [headTree, defaultTree].map(({ entries }) => entries.get(CONFIG_PATH));
  const isInherited = own?.sha === theirs?.sha && own?.mode === theirs?.mode;
  if (headConfig.kind === "unusable" && !isInherited)
    return { kind: "broken", at: "head", problems: headConfig.problems };
  if (judging.kind === "parsed")
    return { kind: "chosen", config: judging.value, everythingBecause: undefined };
  if (headConfig.kind === "parsed") {
    const everythingBecause = judging.kind === "unusable" ? NO_JUDGE_KNOWN : undefined;
    return { kind: "chosen", config: headConfig.value, everythingBecause };
  }
  if (judging.kind === "absent") return { kind: "absent" };
  return { kind: "broken", at: "default_branch", problems: judging.problems };
}
