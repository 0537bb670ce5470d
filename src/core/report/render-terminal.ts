import { canonicalJson } from "../json.ts";
import { problemText } from "../problem.ts";
import { oneLine } from "../text/markdown.ts";
import { shortSha } from "../text/short-sha.ts";
import type { FixtureVerdict } from "../verdict/verdict.ts";
import { durationText, plural, spendingText } from "./amounts.ts";
import { decideExitCode, type ExitCode } from "./exit-code.ts";
import { failedAssertions } from "./failed-assertions.ts";
import { boundsText, suitePassRate } from "./pass-rate.ts";
import { trajectoryDiff } from "./render-trajectory.ts";
import type { RunReport } from "./run-report.ts";
import { sideWords } from "./side-words.ts";
import {
  reusedTrials,
  type Standing,
  severestFirst,
  standingOf,
  tellingTrial,
  VERDICT_WORDS,
} from "./standing.ts";
import { type Colours, coloursOf } from "./terminal-colours.ts";
import { undecidedCause } from "./undecided-cause.ts";

const ASSERTIONS_SHOWN_MAX = 10;
const REASONS_SHOWN_MAX = 10;
const ID_WIDTH_MAX = 48;
const INDENT = "    ";

const MARKS: Readonly<Record<Standing, string>> = { failing: "✗", undecided: "?", listed: "○", passing: "✓" };

const ENDINGS: Readonly<Record<ExitCode, string>> = {
  0: "Nothing blocks (exit code 0).",
  1: "Blocked: a blocking fixture does not pass (exit code 1).",
  3: "Could not evaluate enough to say that it holds (exit code 3).",
};

/** Renders a run for a terminal: the verdicts, what failed with expected and observed, totals, and the exit code. */
export function renderTerminal(run: RunReport, options: { readonly colours?: boolean } = {}): string {
  const colours = coloursOf(options.colours ?? false);
  const verdicts = severestFirst(run.verdicts);
  const troubled = verdicts.filter((verdict) => !["passing", "listed"].includes(standingOf(verdict)));
  const blocks = [
    heading(run, colours),
    verdictLines(verdicts, run.plan.changes.length > 0, colours),
    ...troubled.map((verdict) => troubleLines(verdict, colours)),
    brokenLines(run, colours),
    missingLines(run, colours),
    leftOutLines(run, colours),
    ending(run, colours),
  ];
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join("\n"))
    .join("\n\n")}\n`;
}

function heading({ head, base, verdicts }: RunReport, { bold, dim }: Colours): readonly string[] {
  const judged = `${oneLine(head.branch)}${head.sha === undefined ? " (as it lies in this checkout)" : ` ${shortSha(head.sha)}`}`;
  const against =
    base === undefined ? "no baseline" : `baseline ${oneLine(base.branch)} ${shortSha(base.sha)}`;
  return [`${bold(plural(verdicts.length, "fixture"))} on ${judged} ${dim(`(${against})`)}`];
}

function verdictLines(
  verdicts: readonly FixtureVerdict[],
  hasChanges: boolean,
  colours: Colours,
): readonly string[] {
  if (verdicts.length === 0)
    return [`Nothing to run: ${hasChanges ? "no fixture protects what changed" : "no change type matched"}.`];
  const width = Math.min(ID_WIDTH_MAX, Math.max(...verdicts.map(({ file }) => file.fixture.id.length)));
  return verdicts.map((verdict) => {
    const { id, level } = verdict.file.fixture;
    const word = VERDICT_WORDS[verdict.verdict].padEnd(12);
    const baseline = verdict.baseline === undefined ? "" : `, baseline ${sideWords(verdict.baseline)}`;
    return `  ${paint(verdict, MARKS[standingOf(verdict)], colours)} ${id.padEnd(width)}  ${level.padEnd(11)}  ${paint(verdict, word, colours)}  ${colours.dim(sideWords(verdict.candidate) + baseline)}`;
  });
}

function troubleLines(verdict: FixtureVerdict, colours: Colours): readonly string[] {
  const { file } = verdict;
  const { id, reason, incident } = file.fixture;
  const about = [incident, file.path].filter((part) => part !== undefined).map((part) => oneLine(part));
  return [
    `${paint(verdict, `${MARKS[standingOf(verdict)]} ${id}`, colours)}  ${colours.dim(about.join(" · "))}`,
    ...(reason === undefined ? [] : [INDENT + oneLine(reason)]),
    ...(standingOf(verdict) === "undecided" ? undecidedLines(verdict) : failedLines(verdict, colours)),
    ...(verdict.weight.restsOnJudge ? [INDENT + judgeWords(verdict)] : []),
  ];
}

function judgeWords(verdict: FixtureVerdict): string {
  if (verdict.weight.countedAs === "blocking")
    return "This rests on a judge alone, whose calibration lets it block.";
  return standingOf(verdict) === "undecided"
    ? "Only a judge leaves this open: it does not block."
    : "This rests on a judge alone: it warns and does not block.";
}

function failedLines({ file, candidate, because }: FixtureVerdict, { red, dim }: Colours): readonly string[] {
  const trial = tellingTrial(candidate.trials);
  const diff = trial === undefined ? [] : trajectoryDiff(file.fixture, trial);
  const failed = failedAssertions(candidate);
  const rest = failed.length - ASSERTIONS_SHOWN_MAX;
  return [
    INDENT + oneLine(because),
    ...diff.map(
      (line, index) => INDENT + (index === 0 ? dim(line) : line.startsWith("-") ? red(line) : line),
    ),
    ...failed
      .slice(0, ASSERTIONS_SHOWN_MAX)
      .flatMap(({ at, expected, observed }) => [
        `${INDENT}${oneLine(at)}`,
        `${INDENT}  expected ${oneLine(expected)}`,
        `${INDENT}  observed ${oneLine(observed)}`,
      ]),
    ...(rest > 0 ? [`${INDENT}… and ${plural(rest, "more failed assertion")}`] : []),
  ];
}

function undecidedLines({ candidate, file }: FixtureVerdict): readonly string[] {
  const cause = undecidedCause(candidate);
  if (cause.kind === "outage")
    return [
      `${INDENT}The agent could not be run: ${oneLine(cause.because)}. Run it again when the provider answers.`,
    ];
  if (cause.kind === "other") return [INDENT + oneLine(cause.because)];
  return cause.gaps.flatMap(({ tool, arguments: given, nearest, differs }) => [
    `${INDENT}Add a recording to ${oneLine(file.path)} for ${oneLine(tool)} with ${oneLine(canonicalJson(given))}`,
    `${INDENT}  nearest: ${nearest === undefined ? "nothing is recorded for this tool" : oneLine(canonicalJson(nearest))}`,
    ...differs.map((part) => `${INDENT}  ${oneLine(part)}`),
  ]);
}

function brokenLines({ plan }: RunReport, { red, yellow }: Colours): readonly string[] {
  return plan.broken.flatMap(({ path, problems, brokenBy }) => [
    (brokenBy === "head" ? red : yellow)(`✗ ${oneLine(path)} cannot be read`),
    ...problems.map((problem) => INDENT + oneLine(problemText(problem))),
  ]);
}

function missingLines({ missingShards = [] }: RunReport, { yellow }: Colours): readonly string[] {
  return missingShards.map((shard) =>
    yellow(`? shard ${shard} is missing: what it should have run is not known`),
  );
}

function leftOutLines({ plan }: RunReport, { dim }: Colours): readonly string[] {
  const groups = [...Map.groupBy(plan.leftOut, ({ because }) => because)];
  const lines = groups
    .slice(0, REASONS_SHOWN_MAX)
    .map(([because, group]) => dim(`${plural(group.length, "fixture")} left out: ${oneLine(because)}`));
  return groups.length > lines.length
    ? [...lines, dim(`… and for ${groups.length - lines.length} more reasons`)]
    : lines;
}

function ending(run: RunReport, colours: Colours): readonly string[] {
  const groups = Map.groupBy(severestFirst(run.verdicts), ({ verdict }) => verdict);
  const counts = [...groups].map(([verdict, group]) => `${group.length} ${VERDICT_WORDS[verdict]}`);
  const cost = spendingText(
    run.costUsd,
    run.unpricedModels.map((model) => oneLine(model)),
  );
  const code = decideExitCode(run);
  return [
    [...counts, trialsText(run), cost, durationText(run.durationMs)].join(" · "),
    ...passRateLines(run, colours),
    colours.bold(
      code === 0
        ? colours.green(ENDINGS[code])
        : code === 1
          ? colours.red(ENDINGS[code])
          : colours.yellow(ENDINGS[code]),
    ),
  ];
}

function trialsText({ trials, verdicts }: RunReport): string {
  const reused = reusedTrials(verdicts);
  return plural(trials, "trial") + (reused === 0 ? "" : ` (${reused} from the cache)`);
}

function passRateLines({ verdicts }: RunReport, { dim }: Colours): readonly string[] {
  const rate = suitePassRate(verdicts);
  if (rate === undefined || verdicts.length < 2) return [];
  const share = `${Math.round(rate.estimate * 100)} %`;
  return [
    dim(
      `passes ${share} of fixtures; ${boundsText(rate)} with 95 % confidence, one incident counted as one case`,
    ),
  ];
}

function paint(verdict: FixtureVerdict, text: string, { red, green, yellow, dim }: Colours): string {
  const paints: Readonly<Record<Standing, (text: string) => string>> = {
    failing: red,
    undecided: yellow,
    listed: dim,
    passing: green,
  };
  return paints[standingOf(verdict)](text);
}
