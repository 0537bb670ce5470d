import { CONFIG_PATH } from "../config/config.ts";
import { inlineCode, inlineText } from "../text/markdown.ts";
import type { FixtureVerdict } from "../verdict/verdict.ts";
import { hasDrifted } from "../verdict/wavering.ts";
import { listing } from "./amounts.ts";
import { type CheckScope, standing } from "./check-scope.ts";
import type { GateReport } from "./gate-report.ts";
import { gapWords, undecidedCause } from "./undecided-cause.ts";

const STEPS_SHOWN_MAX = 8;
const NAMES_SHOWN_MAX = 3;
const AUTHOR = "the author of this pull request";
const RERUN = "press **Re-run** on this check or comment `/incident-to-eval rerun`";

interface Step {
  readonly who: string;
  readonly what: string;
}

/** Says who has to act and what to do, as a numbered list; says so when nobody has to. */
export function renderNextSteps(report: GateReport, scope: CheckScope): string {
  const steps = [
    ...regressionSteps(report, scope),
    ...standing(scope, "failing").flatMap(ownerSteps),
    ...standing(scope, "undecided").flatMap((verdict) => evaluationSteps(verdict, report)),
    ...scope.broken.map(({ path }) => ({
      who: AUTHOR,
      what: `mend ${inlineCode(path)}, whose problems are listed below; \`npx incident-to-eval validate\` checks it.`,
    })),
  ];
  const distinct = [...new Map(steps.map((step) => [step.who + step.what, step])).values()];
  if (distinct.length === 0) return "**Who has to act:** nobody.";
  const shown = distinct.slice(0, STEPS_SHOWN_MAX);
  const rest = distinct.length - shown.length;
  const actors = [...new Set(shown.map(({ who }) => who))];
  const line = ({ who, what }: Step): string =>
    actors.length === 1 ? capital(what) : `**${capital(who)}:** ${what}`;
  return [
    `**Who has to act:** ${listing(actors, NAMES_SHOWN_MAX)}.`,
    "",
    ...shown.map((step, index) => `${index + 1}. ${line(step)}`),
    ...(rest > 0 ? ["", `${rest} more of the same kind follow from the table below.`] : []),
  ].join("\n");
}

/** Names who keeps a fixture healthy. */
export function ownerOf({ file }: FixtureVerdict): string {
  const { owner } = file.fixture;
  return owner === undefined
    ? `the owner of ${inlineCode(file.path)}`
    : `the fixture's owner ${inlineCode(owner)}`;
}

function regressionSteps({ plan }: GateReport, scope: CheckScope): readonly Step[] {
  const regressed = scope.own.filter(({ verdict }) => verdict === "regressed");
  if (regressed.length === 0) return [];
  const agents = new Set(regressed.map(({ file }) => file.fixture.agent));
  const paths = new Set(plan.changes.filter(({ agent }) => agents.has(agent)).map(({ path }) => path));
  const suspects = [...paths].map((path) => inlineCode(path));
  const where = suspects.length === 0 ? "" : ` Look at ${listing(suspects, NAMES_SHOWN_MAX)} first.`;
  const names = listing(
    regressed.map(({ file }) => inlineCode(file.fixture.id)),
    NAMES_SHOWN_MAX,
  );
  return [
    {
      who: AUTHOR,
      what: `make the agent do again what ${names} ${regressed.length === 1 ? "expects" : "expect"}, as shown below, and push.${where}`,
    },
    {
      who: AUTHOR,
      what: `if the new behaviour is intended instead, change the fixture first, in a pull request of its own, which ${listing([...new Set(regressed.map(ownerOf))], NAMES_SHOWN_MAX)} reviews.`,
    },
  ];
}

function ownerSteps(verdict: FixtureVerdict): readonly Step[] {
  const id = inlineCode(verdict.file.fixture.id);
  if (verdict.verdict === "still_broken") {
    return [
      {
        who: ownerOf(verdict),
        what: `repair the agent for ${id}: it held before, and it fails without this pull request as well.`,
      },
    ];
  }
  if (verdict.verdict === "unstable" && hasDrifted(verdict)) {
    return [
      {
        who: ownerOf(verdict),
        what: `find out what changed behind ${id}: the same baseline passed it within the last day and fails it now, so the model or its provider may answer otherwise. Pin the model to a version, or mend the agent on the default branch; where it was a moment's trouble, ${RERUN}. Until then \`/incident-to-eval quarantine ${verdict.file.fixture.id} because <reason>\` lists it.`,
      },
    ];
  }
  if (verdict.verdict === "unstable") {
    return [
      {
        who: ownerOf(verdict),
        what: `make ${id} decidable: it passes and fails with and without this pull request. Tighten its input or recordings, or state a lower \`trials.pass_rate\`. Until then \`/incident-to-eval quarantine ${verdict.file.fixture.id} because <reason>\` lists it.`,
      },
    ];
  }
  return [];
}

function moneyStep(unpricedModels: readonly string[]): Step {
  const models = listing(
    unpricedModels.map((model) => inlineCode(model)),
    NAMES_SHOWN_MAX,
  );
  const price =
    models === ""
      ? ""
      : `, or state the price of ${models} under \`gate.prices\`, which counted at the dearest`;
  return {
    who: `whoever keeps ${inlineCode(CONFIG_PATH)}`,
    what: `raise \`gate.max_cost_usd\` on the default branch, or lower \`gate.trials.pull_request\`${price}: the run has spent what it may, and what it left is not run. Another run would end in the same way.`,
  };
}

function evaluationSteps(verdict: FixtureVerdict, { stopped, unpricedModels }: GateReport): readonly Step[] {
  const id = inlineCode(verdict.file.fixture.id);
  const cause = undecidedCause(verdict.candidate);
  if (verdict.verdict === "not_run" && stopped === "money") return [moneyStep(unpricedModels)];
  if (verdict.verdict === "not_run") {
    return [
      {
        who: AUTHOR,
        what: `${RERUN}: ${id} did not run (${inlineText(verdict.candidate.because ?? verdict.because)}).`,
      },
    ];
  }
  const { todo } = verdict.candidate;
  if (todo !== undefined)
    return [{ who: `whoever keeps the agent \`${verdict.file.fixture.agent}\``, what: `${todo}.` }];
  if (verdict.weight.restsOnJudge) {
    const because = verdict.candidate.because ?? verdict.because;
    return [
      {
        who: "anyone with write access",
        what: `read the answer of ${id} and decide, or ${RERUN}: only the judge left it open (${inlineText(because)}).`,
      },
    ];
  }
  switch (cause.kind) {
    case "no_recording":
      return cause.gaps.map((gap) => ({
        who: ownerOf(verdict),
        what: `add a recording to ${inlineCode(verdict.file.path)} for ${gapWords(gap)}, or say in the fixture that the call is forbidden.`,
      }));
    case "outage":
      return [
        {
          who: "anyone with write access",
          what: `when ${cause.because.startsWith("the agent ") ? "the agent" : "the model provider"} answers again, ${RERUN}. Nothing in this pull request has to change. (${inlineText(cause.because)})`,
        },
      ];
    case "other":
      return [
        {
          who: ownerOf(verdict),
          what: `find out why ${id} could not be decided (${inlineText(cause.because)}), then ${RERUN}.`,
        },
      ];
  }
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
