import { type Problem, problemText } from "../problem.ts";
import { inlineCode, inlineText } from "../text/markdown.ts";
import { shortSha } from "../text/short-sha.ts";
import type { FixtureVerdict, Verdict } from "../verdict/verdict.ts";
import { durationText, listing, plural, spendingText } from "./amounts.ts";
import type { CheckScope } from "./check-scope.ts";
import type { GateReport } from "./gate-report.ts";
import { historyNotes } from "./history-notes.ts";
import { ownerOf } from "./next-steps.ts";
import { boundsText, suitePassRate } from "./pass-rate.ts";
import { incidentOf } from "./verdict-table.ts";
import { commandFor } from "./whole-report.ts";

const NOTES_SHOWN_MAX = 20;
const NAMES_SHOWN_MAX = 5;
const PROBLEMS_SHOWN_MAX = 10;

const SAID: Readonly<Partial<Record<Verdict, string>>> = {
  fixed:
    "is **fixed** here: it failed on the baseline and passes with this pull request. From the merge on it must hold.",
  unresolved:
    "is **unresolved**: it fails with and without this pull request and has never held. It is listed and blocks nothing here.",
  reproduces:
    "**reproduces** its incident: it fails with and without this pull request, as a new fixture should until the fix is made.",
};

/** Says what else a reader should know of a run: fixed, unresolved and new fixtures, versions, unreadable files. */
export function renderNotes({ plan, history }: GateReport, scope: CheckScope): string | undefined {
  const notes = [
    ...scope.own.flatMap(verdictNotes),
    ...historyNotes(scope.own, history),
    ...versionNotes(scope.own),
    ...(scope.check === "blocking" ? plan.broken : []).map(
      ({ path, brokenBy, problems }) =>
        `${inlineCode(path)} cannot be read${brokenBy === "base" ? ", on the base already (it blocks nothing here)" : " since this pull request"}:${problemList(problems)}`,
    ),
  ];
  if (notes.length === 0) return undefined;
  const shown = notes.slice(0, NOTES_SHOWN_MAX).map((note) => `- ${note}`);
  return [
    ...shown,
    ...(notes.length > shown.length ? [`- … and ${notes.length - shown.length} more`] : []),
  ].join("\n");
}

/** Says where the other fixtures of the run are to be found. */
export function renderElsewhere({ check, others }: CheckScope): string | undefined {
  if (others.length === 0) return undefined;
  const other = check === "blocking" ? "warning" : "blocking";
  const there = others.filter(({ file }) => file.fixture.level !== "exploratory").length;
  const exploratory = others.length - there;
  const parts = [
    ...(there > 0
      ? [`${plural(there, "fixture")} ${there === 1 ? "counts" : "count"} in \`incident-to-eval / ${other}\``]
      : []),
    ...(exploratory > 0
      ? [`${plural(exploratory, "exploratory fixture")} ran and cannot stop anything`]
      : []),
  ];
  return `${parts.join("; ")}.`;
}

/** Says what a run took, how much passed and how sure that is, and what it compared, in one line. */
export function renderFigures(report: GateReport): string {
  const { trials, costUsd, unpricedModels, durationMs, base, head, verdicts } = report;
  const rate = suitePassRate(verdicts);
  return [
    ...(rate === undefined
      ? []
      : [`${Math.round(rate.estimate * 100)} % of fixtures pass (${boundsText(rate)} with 95 % confidence)`]),
    plural(trials, "trial"),
    spendingText(
      costUsd,
      unpricedModels.map((model) => inlineCode(model)),
    ),
    durationText(durationMs),
    `this commit \`${shortSha(head.sha)}\``,
    `baseline \`${shortSha(base.sha)}\` of ${inlineCode(base.branch)}`,
  ].join(" · ");
}

/** Gives the one command that runs these fixtures on the reader's own machine. */
export function renderReproduction(
  report: GateReport,
  verdicts: readonly FixtureVerdict[],
): string | undefined {
  if (verdicts.length === 0) return undefined;
  const command = commandFor(report, [...new Set(verdicts.map(({ file }) => file.fixture.id))]);
  return `**See it on your machine**, in a checkout of this commit:\n\n\`\`\`sh\n${command}\n\`\`\``;
}

function verdictNotes(verdict: FixtureVerdict): readonly string[] {
  const incident = incidentOf(verdict);
  const name = inlineCode(verdict.file.fixture.id) + (incident === undefined ? "" : `, from ${incident},`);
  const said = SAID[verdict.verdict];
  const isBaselineOpen = verdict.verdict === "held" && verdict.baseline?.outcome === "undecided";
  return [
    ...(said === undefined ? [] : [`${name} ${said}`]),
    ...(isBaselineOpen ? [`${name} holds; its baseline could not be decided.`] : []),
    ...(verdict.weight.isUnproven
      ? [
          `${name} is new and nobody has seen it fail (\`source.fails_on\` is missing), so it warns and does not block.`,
        ]
      : []),
    ...(verdict.verdict === "accepted"
      ? [`${name} is **meant to change**: ${inlineText(verdict.because)}`]
      : []),
    ...(verdict.verdict === "quarantined"
      ? [`${name} is in **quarantine**: ${inlineText(verdict.because)}`]
      : []),
    ...(verdict.expiredOn === undefined
      ? []
      : [
          `${name} **expired** on ${verdict.expiredOn}, so it warns and does not block. To remove it, or to give it another day, is up to ${ownerOf(verdict)}.`,
        ]),
    ...(verdict.reviewDueOn === undefined
      ? []
      : [`${name} was to be **reviewed** by ${verdict.reviewDueOn}: that is up to ${ownerOf(verdict)}.`]),
  ];
}

function versionNotes(own: readonly FixtureVerdict[]): readonly string[] {
  const named = (origin: FixtureVerdict["origin"]): string =>
    listing(
      own
        .filter((one) => one.origin === origin && one.verdict !== "accepted")
        .map(({ file }) => inlineCode(file.fixture.id)),
      NAMES_SHOWN_MAX,
    );
  const changed = named("base_version");
  const removed = named("removed");
  return [
    ...(changed === ""
      ? []
      : [`This pull request changes ${changed}: the version on the base ran as well, and counts.`]),
    ...(removed === ""
      ? []
      : [`This pull request removes ${removed}: the version on the base ran all the same, and counts.`]),
  ];
}

function problemList(problems: readonly Problem[]): string {
  const lines = problems
    .slice(0, PROBLEMS_SHOWN_MAX)
    .map((problem) => `\n  - ${inlineText(problemText(problem))}`);
  const rest = problems.length - lines.length;
  return lines.join("") + (rest > 0 ? `\n  - … and ${rest} more problems` : "");
}
