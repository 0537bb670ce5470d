import { canonicalJson } from "../json.ts";
import { type Html, html } from "../text/html.ts";
import { oneLine, stripInvisible, truncate } from "../text/markdown.ts";
import type { Side, Trial } from "../trial/trial.ts";
import type { FixtureVerdict } from "../verdict/verdict.ts";
import { costText, durationText, plural } from "./amounts.ts";
import { compareTrajectory, type TrajectoryRow } from "./compare-trajectory.ts";
import { trajectoryRows } from "./render-trajectory.ts";
import { sideWords } from "./side-words.ts";
import { standingOf, tellingTrial, VERDICT_WORDS } from "./standing.ts";

const TEXT_LENGTH_MAX = 4_000;
const ROWS_SHOWN_MAX = 60;
const TRIALS_SHOWN_MAX = 100;

/** Renders one fixture of a run: a line of the table that opens to both sides, step by step. */
export function renderCase(verdict: FixtureVerdict): Html {
  const { candidate, baseline } = verdict;
  return renderOpening(
    verdict,
    html`<div class="sides">
${renderSide("Candidate", verdict, candidate)}
${baseline === undefined ? html`` : renderSide("Baseline", verdict, baseline)}
</div>
${renderChange(verdict)}`,
  );
}

/** Renders one fixture of a run without its steps, where these find no room. */
export function renderCaseLine(verdict: FixtureVerdict): Html {
  return renderOpening(verdict, html`<p class="facts">Its steps are left out for length.</p>`);
}

function renderOpening(verdict: FixtureVerdict, steps: Html): Html {
  const { file, candidate, baseline } = verdict;
  const { id, level, incident, tags, reason, owner } = file.fixture;
  const standing = standingOf(verdict);
  const searched = [id, file.path, incident ?? "", ...tags, verdict.because, reason ?? ""]
    .join(" ")
    .toLowerCase();
  return html`<details class="case ${standing}" data-verdict="${verdict.verdict}" data-text="${searched}">
<summary><span class="mark">${MARKS[standing]}</span><span class="id">${id}</span><span class="level">${level}</span><span class="verdict">${VERDICT_WORDS[verdict.verdict]}</span><span class="side">${sideWords(candidate)}</span><span class="cost">${costText(candidate.costUsd + (baseline?.costUsd ?? 0))}</span></summary>
<div class="body">
<p class="where"><code>${file.path}</code>${[incident, owner].flatMap((part) => (part === undefined ? [] : [html` · ${part}`]))}</p>
${reason === undefined ? html`` : html`<p>${reason}</p>`}
<p><b>${verdict.because}</b>${verdict.weight.restsOnJudge && verdict.weight.countedAs !== "blocking" ? html` Only a judge says so: it does not block.` : html``}</p>
${steps}
</div>
</details>
`;
}

const MARKS = { failing: "✗", undecided: "?", listed: "○", passing: "✓" } as const;

function renderSide(title: string, { file }: FixtureVerdict, side: Side): Html {
  const told = tellingTrial(side.trials) ?? side.trials[0];
  return html`<section class="one">
<h2>${title}: ${sideWords(side)}</h2>
${side.because === undefined ? html`` : html`<p>${side.because}</p>`}
<p class="trials">${side.trials.slice(0, TRIALS_SHOWN_MAX).map(renderDot)}</p>
${told === undefined ? html`` : renderTrial(file.fixture, told)}
</section>`;
}

function renderDot(trial: Trial, index: number): Html {
  const words =
    trial.status === "errored"
      ? trial.because
      : `${trial.status}${trial.kept?.reused ? ", from the cache" : ""}`;
  return html`<span class="dot ${trial.status}" title="${`trial ${index + 1}: ${words}`}"></span>`;
}

function renderTrial(fixture: FixtureVerdict["file"]["fixture"], trial: Trial): Html {
  if (trial.status === "errored") return html`<p>Could not be run: ${trial.because}</p>`;
  const { trajectory, grades, costUsd } = trial;
  const facts = [
    plural(trajectory.turns, "turn"),
    durationText(trajectory.latencyMs),
    ...(costUsd === undefined ? [] : [costText(costUsd)]),
  ].join(" · ");
  const against = grades.filter(({ grade }) => grade.kind !== "pass");
  return html`${renderSteps(["Expected", "Observed"], trajectoryRows(fixture, trial))}
${trajectory.gaps.map(
  ({ tool, arguments: made, nearest, differs }) =>
    html`<p>No recording answers <code>${tool}(${shown(canonicalJson(made))})</code>; ${nearest === undefined ? "nothing is recorded for this tool" : `nearest: ${shown(canonicalJson(nearest))}: ${differs.join("; ")}`}</p>`,
)}
${against.length === 0 ? html`` : html`<dl>${against.map(renderAgainst)}</dl>`}
<h3>Answer</h3><pre>${trajectory.output === "" ? "(none)" : shown(trajectory.output)}</pre>
<p class="facts">${facts}</p>`;
}

function renderSteps([left, right]: readonly [string, string], rows: readonly TrajectoryRow[]): Html {
  const shownRows = rows
    .slice(0, ROWS_SHOWN_MAX)
    .map(
      ({ expected, observed, parts }) =>
        html`<tr class="${parts ? "parts" : ""}"><td>${oneLine(expected ?? "")}</td><td>${oneLine(observed ?? (expected === undefined ? "" : "(missing)"))}</td></tr>`,
    );
  const rest = rows.length - shownRows.length;
  return html`<table class="steps"><thead><tr><th>${left}</th><th>${right}</th></tr></thead><tbody>${shownRows}</tbody></table>${rest > 0 ? html`<p>… and ${plural(rest, "more step")}</p>` : html``}`;
}

/** Lays the steps of the baseline beside those of the candidate; nothing where one of them took none. */
function renderChange({ file, candidate, baseline }: FixtureVerdict): Html {
  const before = baseline?.trials.find((trial) => trial.status !== "errored");
  const after = tellingTrial(candidate.trials) ?? candidate.trials[0];
  if (before === undefined || after === undefined || after.status === "errored") return html``;
  const { spans, stopReason } = before.trajectory;
  const required = spans.filter(({ kind }) => kind !== "model").map(({ name }) => name);
  const expect = { stop_reason: stopReason, trajectory: { required, order: "strict" as const } };
  const rows = compareTrajectory({ ...file.fixture, expect }, after.trajectory);
  if (!rows.some(({ parts }) => parts)) return html`<p class="facts">Both sides took the same steps.</p>`;
  return html`<section class="one change"><h2>From baseline to candidate</h2>${renderSteps(["Baseline", "Candidate"], rows)}</section>`;
}

function renderAgainst({ at, judged, grade }: Exclude<Trial, { status: "errored" }>["grades"][number]): Html {
  const said =
    grade.kind === "fail"
      ? html`<dd>expected <ins>${shown(grade.expected)}</ins></dd><dd>observed <del>${shown(grade.observed)}</del></dd>`
      : html`<dd>not decided: ${shown(grade.because)}</dd>`;
  return html`<dt><code>${at}</code>${judged ? " (judge)" : ""}</dt>${said}`;
}

function shown(text: string): string {
  return truncate(stripInvisible(text), { charactersMax: TEXT_LENGTH_MAX });
}
