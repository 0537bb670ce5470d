import { inlineCode, inlineText, table } from "../text/markdown.ts";
import type { FixtureVerdict } from "../verdict/verdict.ts";
import { type FailedAssertion, failedAssertions } from "./failed-assertions.ts";
import { ownerOf } from "./next-steps.ts";
import { renderTrajectory } from "./render-trajectory.ts";
import { sideWords } from "./side-words.ts";
import { standingOf, tellingTrial } from "./standing.ts";
import { causeWords, undecidedCause } from "./undecided-cause.ts";
import { fixtureName, incidentOf, verdictWords } from "./verdict-table.ts";

const ASSERTIONS_SHOWN_MAX = 6;
const CELL_LENGTH_MAX = 160;
const JUDGE_SAYS_NO =
  "This failure rests on a judge (a model) alone, and no calibration says yet how often the judge errs: it warns and does not block.";
const JUDGE_MAY_BLOCK =
  "This rests on a judge (a model) alone. Its calibration on the default branch says that it is right often enough to block.";
const JUDGE_IS_SILENT =
  "Only a judge (a model) leaves this open. A judge may warn and may not block, so this counts as a warning: somebody has to look.";

/** Explains one fixture that did not pass: what it protects, where expected and observed part, which assertions failed. */
export function renderFailure(verdict: FixtureVerdict): string {
  const parts = [
    `### ${verdictWords(verdict)}: ${fixtureName(verdict)}`,
    whatItProtects(verdict),
    ...(standingOf(verdict) === "undecided"
      ? [
          causeWords(undecidedCause(verdict.candidate)),
          ...(verdict.weight.restsOnJudge ? [judgeWords(verdict, JUDGE_IS_SILENT)] : []),
        ]
      : whatFailed(verdict)),
  ];
  return parts.filter((part) => part !== undefined).join("\n\n");
}

function whatFailed(verdict: FixtureVerdict): readonly (string | undefined)[] {
  const { candidate, baseline, because, file } = verdict;
  const trial = tellingTrial(candidate.trials);
  return [
    `${inlineText(because)} Baseline: ${sideWords(baseline)}; this commit: ${sideWords(candidate)}${earlyStop(verdict)}.`,
    trial === undefined ? undefined : renderTrajectory(file.fixture, trial),
    renderAssertions(failedAssertions(candidate)),
    verdict.weight.restsOnJudge ? judgeWords(verdict, JUDGE_SAYS_NO) : undefined,
  ];
}

function judgeWords({ weight }: FixtureVerdict, whereItWarns: string): string {
  return weight.countedAs === "blocking" ? JUDGE_MAY_BLOCK : whereItWarns;
}

function earlyStop({ candidate, file }: FixtureVerdict): string {
  const stoppedAtOnce = candidate.outcome === "failed" && candidate.trials.length === 1;
  return stoppedAtOnce && file.fixture.trials.pass_rate === 1 ? " (the first failure decides)" : "";
}

function whatItProtects(verdict: FixtureVerdict): string {
  const { reason } = verdict.file.fixture;
  const incident = incidentOf(verdict);
  const origin = [
    ...(incident === undefined ? [] : [`incident ${incident}`]),
    ownerOf(verdict),
    inlineCode(verdict.file.path),
  ].join(" · ");
  return reason === undefined ? origin : `> ${inlineText(reason)}\n\n${origin}`;
}

function renderAssertions(failed: readonly FailedAssertion[]): string | undefined {
  if (failed.length === 0) return undefined;
  const rows = failed
    .slice(0, ASSERTIONS_SHOWN_MAX)
    .map(({ at, judged, expected, observed, failed, graded }) => [
      inlineCode(at) + (judged ? " (judge)" : ""),
      inlineText(expected, CELL_LENGTH_MAX),
      inlineText(observed, CELL_LENGTH_MAX),
      `${failed} of ${graded}`,
    ]);
  const rest = failed.length - rows.length;
  return [
    table(["Failed assertion", "Expected", "Observed", "Trials"], rows),
    ...(rest > 0 ? [`\n… and ${rest} more failed assertions.`] : []),
  ].join("\n");
}
