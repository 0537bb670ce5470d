import type { SuitePlan } from "../suite/suite.ts";
import { fencedBlock, inlineCode, inlineText, oneLine } from "../text/markdown.ts";
import type { Side, Trial } from "../trial/trial.ts";
import type { FixtureVerdict } from "../verdict/verdict.ts";
import { costText, listing, plural } from "./amounts.ts";
import { boundsText, passRateOf } from "./pass-rate.ts";
import { tellingTrial } from "./standing.ts";

const ANSWER_LENGTH_MAX = 1_500;
const IDS_SHOWN_MAX = 20;
const REASONS_SHOWN_MAX = 20;
const TRIALS_SHOWN_MAX = 20;

/** Gives the details of a fixture that did not pass: each trial, and the answers that the agent gave on both sides. */
export function renderDetails(verdict: FixtureVerdict): string {
  const { candidate, baseline } = verdict;
  return [
    `### ${inlineCode(verdict.file.fixture.id)}`,
    ...sideDetails("This commit", candidate, tellingTrial(candidate.trials) ?? candidate.trials[0]),
    ...(baseline === undefined ? [] : sideDetails("Baseline", baseline, baseline.trials[0])),
  ].join("\n\n");
}

/** Says why each fixture ran, and which ones did not and why. */
export function renderSelection(plan: SuitePlan): string | undefined {
  const ran = reasonLines(plan.selected);
  const left = reasonLines(plan.leftOut);
  if (ran.length + left.length === 0) return undefined;
  return [
    ...(ran.length === 0 ? [] : [`### Why these ran\n\n${ran.join("\n")}`]),
    ...(left.length === 0
      ? []
      : [`### Why ${plural(plan.leftOut.length, "fixture")} did not run\n\n${left.join("\n")}`]),
  ].join("\n\n");
}

function sideDetails(title: string, side: Side, shown: Trial | undefined): readonly string[] {
  const trials = side.trials
    .slice(0, TRIALS_SHOWN_MAX)
    .map((trial, index) => `${index + 1}. ${trialWords(trial)}`);
  const rest = side.trials.length - trials.length;
  const answer = shown === undefined || shown.status === "errored" ? undefined : shown.trajectory.output;
  return [
    `**${title}** (${[...confidence(side), costText(side.costUsd)].join(", ")})`,
    ...(side.because === undefined ? [] : [inlineText(side.because)]),
    ...(trials.length === 0
      ? []
      : [[...trials, ...(rest > 0 ? [`\n… and ${rest} more trials`] : [])].join("\n")]),
    ...(answer === undefined || oneLine(answer) === ""
      ? []
      : [`Final answer:\n\n${fencedBlock(answer, "text", ANSWER_LENGTH_MAX)}`]),
  ];
}

function confidence(side: Side): readonly string[] {
  const rate = passRateOf(side);
  return rate === undefined ? [] : [`passes ${boundsText(rate)} of the time, with 95 % confidence`];
}

function trialWords(trial: Trial): string {
  if (trial.status === "errored") return `errored: ${inlineText(trial.because)}`;
  const { turns, stopReason, spans } = trial.trajectory;
  const calls = spans.filter(({ call }) => call !== undefined).length;
  const facts = `${plural(turns, "turn")}, ${plural(calls, "tool call")}, stop: ${inlineText(stopReason)}`;
  return trial.status === "ungraded"
    ? `ungraded: ${inlineText(trial.because)} (${facts})`
    : `${trial.status} (${facts})`;
}

function reasonLines(fixtures: SuitePlan["leftOut"]): readonly string[] {
  const groups = [...Map.groupBy(fixtures, ({ because }) => because)];
  const lines = groups.slice(0, REASONS_SHOWN_MAX).map(
    ([because, group]) =>
      `- ${inlineText(because)}: ${listing(
        group.map(({ file }) => inlineCode(file.fixture.id)),
        IDS_SHOWN_MAX,
      )}`,
  );
  return groups.length > lines.length
    ? [...lines, `- … and ${groups.length - lines.length} more reasons`]
    : lines;
}
