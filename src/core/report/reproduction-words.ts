import { assertNever } from "../problem.ts";
import { inlineText } from "../text/markdown.ts";
import { shortSha } from "../text/short-sha.ts";
import type { Reproduction } from "./incident-answer.ts";

/** Says how often a drafted fixture failed on the agent as it stands, and what follows from it, in one line of Markdown. */
export function reproductionWords(reproduction: Reproduction): string {
  switch (reproduction.kind) {
    case "reproduces":
      return `**reproduces ${reproduction.failed}/${reproduction.trials}** on \`${shortSha(reproduction.sha)}\`: the agent really fails it`;
    case "flaky":
      return `**flaky ${reproduction.failed}/${reproduction.trials}** on \`${shortSha(reproduction.sha)}\`: the agent fails it sometimes, which is enough to guard against`;
    case "does_not_reproduce":
      return `**does not reproduce 0/${reproduction.trials}** on \`${shortSha(reproduction.sha)}\`: the agent passes it, so it does not capture the failure yet and may not block`;
    case "undecided":
      return `**not reproduced yet**: ${inlineText(reproduction.because)}`;
    default:
      return assertNever(reproduction);
  }
}
