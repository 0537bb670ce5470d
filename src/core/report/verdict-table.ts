import { inlineCode, inlineText, table } from "../text/markdown.ts";
import { earlierWords } from "../verdict/earlier-side.ts";
import type { FixtureVerdict, Origin } from "../verdict/verdict.ts";
import { sideWords } from "./side-words.ts";
import { type Standing, severestFirst, standingOf, VERDICT_WORDS } from "./standing.ts";

const ROWS_SHOWN_MAX = 100;
const INCIDENT_LENGTH_MAX = 40;

const MARKS: Readonly<Record<Standing, string>> = {
  failing: "❌",
  undecided: "❔",
  listed: "⚪",
  passing: "✅",
};

const ORIGIN_WORDS: Readonly<Record<Origin, string>> = {
  unchanged: "",
  added: "added here",
  changed: "as changed here",
  base_version: "as on the base",
  removed: "removed here, runs as on the base",
};

/** Renders the table of verdicts, worst first. */
export function renderVerdicts(verdicts: readonly FixtureVerdict[]): string {
  const shown = severestFirst(verdicts).slice(0, ROWS_SHOWN_MAX);
  const rest = verdicts.length - shown.length;
  const head = ["Fixture", "Level", "Verdict", "Baseline", "This commit", "Incident"];
  return [
    table(head, shown.map(verdictRow)),
    ...(rest > 0 ? [`\n… and ${rest} more fixtures, none worse than the last row.`] : []),
  ].join("\n");
}

/** Names a fixture and, where it is not simply the same on both sides, which version of it ran. */
export function fixtureName({ file, origin }: FixtureVerdict): string {
  const version = ORIGIN_WORDS[origin];
  return version === "" ? inlineCode(file.fixture.id) : `${inlineCode(file.fixture.id)} (${version})`;
}

/** Names the incident behind a fixture, as a reference to its issue where there is one. */
export function incidentOf({ file }: FixtureVerdict): string | undefined {
  const { issue, incident } = file.fixture;
  const name = incident === undefined ? undefined : inlineText(incident, INCIDENT_LENGTH_MAX);
  if (issue === undefined) return name;
  return name === undefined ? `#${issue}` : `${name} (#${issue})`;
}

/** Says a verdict with its mark. */
export function verdictWords(verdict: FixtureVerdict): string {
  return `${MARKS[standingOf(verdict)]} ${VERDICT_WORDS[verdict.verdict]}`;
}

function baselineWords({ baseline, earlier }: FixtureVerdict): string {
  return baseline === undefined && earlier !== undefined ? earlierWords(earlier) : sideWords(baseline);
}

function verdictRow(verdict: FixtureVerdict): readonly string[] {
  return [
    fixtureName(verdict),
    verdict.file.fixture.level,
    verdictWords(verdict),
    baselineWords(verdict),
    sideWords(verdict.candidate),
    incidentOf(verdict) ?? "–",
  ];
}
