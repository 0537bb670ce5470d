import { inlineCode } from "../text/markdown.ts";
import { shortSha } from "../text/short-sha.ts";
import { listing } from "./amounts.ts";

const NAMED_MAX = 10;

/** Says how a commit is overridden, for whoever pressed the button. */
export function renderOverrideAdvice(headSha: string, allowed: readonly string[]): string {
  const sha = shortSha(headSha);
  const who = listing(
    allowed.map((party) => inlineCode(party)),
    NAMED_MAX,
    "or",
  );
  const may = who === "" ? "`override.blocking` names nobody, so nobody may." : `That takes ${who}.`;
  return [
    `An override needs a reason, which a button cannot carry. To let \`${sha}\` through, comment:`,
    `\`\`\`text\n/incident-to-eval override ${sha} because <reason>\n\`\`\``,
    `${may} It counts for this commit alone, is recorded with its reason, and ends with the next push.`,
  ].join("\n\n");
}

/** Says how an unstable fixture is quarantined, for whoever pressed the button. */
export function renderQuarantineAdvice(days: number, daysMax: number): string {
  return [
    "A quarantine needs a fixture and a reason, which a button cannot carry. For a fixture that the check calls unstable, comment:",
    "```text\n/incident-to-eval quarantine <fixture> because <reason>\n```",
    `The owner of the fixture may, or \`override.blocking\`. It lasts ${days} days; write \`quarantine <fixture> 30d …\` for another time, ${daysMax} days at most. A fixture in quarantine still runs and is listed.`,
  ].join("\n\n");
}
