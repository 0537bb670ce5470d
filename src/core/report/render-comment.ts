import type { MissingField } from "../incident/postmortem.ts";
import type { Triage } from "../incident/triage.ts";
import { assertNever, type Problem } from "../problem.ts";
import { fencedBlock, inlineCode, inlineText, linkTo } from "../text/markdown.ts";
import { plural } from "./amounts.ts";
import { FIELD_EXAMPLES } from "./field-examples.ts";
import { fitSections } from "./fit-sections.ts";
import { claimsOf } from "./fixture-claims.ts";
import type { IncidentAnswer, ReproducedDraft } from "./incident-answer.ts";
import { renderProblems } from "./problem-table.ts";
import { redactionWords } from "./redaction-words.ts";
import { reproductionWords } from "./reproduction-words.ts";
import { triageWords } from "./triage-words.ts";

const COMMENT_BYTES_MAX = 60_000;
const FIXTURES_SHOWN_MAX = 20;
const CLAIMS_SHOWN_MAX = 8;
const LIST_SHOWN_MAX = 10;
const MESSAGE_LENGTH_MAX = 500;

/** The smallest configuration that works, for people to copy. */
export const SMALLEST_CONFIGURATION = `version: 1
agents:
  support:                        # a name of your choice
    target: anthropic
    model: claude-sonnet-4-5      # the model that your agent runs on
    system: [prompts/system.md]   # its prompt and policy files
    tools: tools.json             # its tool definitions; leave out if it has none
`;

/** Renders our one comment on an incident, whatever the incident came to. */
export function renderIncidentAnswer(answer: IncidentAnswer): string {
  return fitSections({ first: [], middle: sectionsOf(answer), last: [] }, { bytesMax: COMMENT_BYTES_MAX });
}

/** Renders the list of commands that people can give in a comment. */
export function renderHelp(): string {
  return [
    "Write one of these on the first line of a comment:",
    "",
    "| Command | Where | What it does | Who may |",
    "| --- | --- | --- | --- |",
    "| `/incident-to-eval draft` | incident | drafts fixtures from the incident as it stands now | triage rights or more |",
    "| `/incident-to-eval triage <blocking, warning, exploratory or skip> because <reason>` | incident | gives the incident another weight than the triage table, and drafts anew | triage rights or more |",
    "| `/incident-to-eval run` | pull request | runs the fixtures for this commit, also for a fork | write access |",
    "| `/incident-to-eval rerun` | pull request | runs them once more | write access |",
    "| `/incident-to-eval explain [fixture]` | pull request | says what changed, what it can affect, which fixtures protect it, and which do not run and why | triage rights or more, and the author |",
    "| `/incident-to-eval override [sha] <reason>` | pull request | lets this one commit through | who `override` in the configuration names, not the author |",
    "| `/incident-to-eval override release <sha> <reason>` | anywhere | lets this one commit be deployed | who `override.blocking` names |",
    "| `/incident-to-eval quarantine <fixture> [<days>d] <reason>` | pull request | lists an unstable fixture instead of letting it block, for 14 days or as many as you say, 30 at most | the owner of the fixture, and who `override.blocking` names |",
    "| `/incident-to-eval help` | anywhere | shows this list | anyone |",
    "",
    "A reason has three words or more and is recorded. Comments that are edited later, and those of bots, do nothing.",
  ].join("\n");
}

function sectionsOf(answer: IncidentAnswer): readonly string[] {
  switch (answer.kind) {
    case "not_configured":
      return notConfigured();
    case "configuration_broken":
      return [
        "**No fixture was drafted: the configuration of this repository cannot be used.** Mend what the table names in `.github/incident-to-eval.yml` or in the files that it refers to (`npx incident-to-eval validate` checks them), then comment `/incident-to-eval draft`.",
        renderProblems(answer.problems),
      ];
    case "not_allowed":
      return [
        `**This incident waits for a maintainer.** A draft costs money and opens a pull request, so somebody with triage rights or more has to ask for it; ${inlineCode(answer.login)} has fewer.`,
        "To go on, one of them comments `/incident-to-eval draft`.",
      ];
    case "incomplete":
      return incomplete(answer.missing, answer.problems);
    case "no_fixture":
      return noFixture(answer.triage);
    case "duplicate":
      return duplicate(answer.fixtures);
    case "proposed":
      return proposed(answer);
    case "left_alone":
      return leftAlone(answer);
    case "failed":
      return [
        `**No fixture was drafted: ${inlineCode(answer.system)} failed.** We tried several times and got: ${inlineText(answer.message, MESSAGE_LENGTH_MAX)}`,
        "Nothing is lost. To try again, comment `/incident-to-eval draft`.",
      ];
    default:
      return assertNever(answer);
  }
}

function notConfigured(): readonly string[] {
  return [
    "**This incident can become an eval, but nothing here says yet which agent to test.** The repository has no `.github/incident-to-eval.yml`.",
    "1. Run `npx incident-to-eval init` in a checkout, or copy this to `.github/incident-to-eval.yml` and put your own files in:",
    fencedBlock(SMALLEST_CONFIGURATION, "yaml"),
    "2. Merge it to the default branch.\n3. Comment `/incident-to-eval draft` here.",
  ];
}

function incomplete(missing: readonly MissingField[], problems: readonly Problem[]): readonly string[] {
  const fields = missing.map(({ field, label, ask }) => {
    const example = FIELD_EXAMPLES[field];
    const shown = example === undefined ? "" : ` For example: ${inlineCode(example)}`;
    return `- **${inlineText(label)}**: ${inlineText(ask)}${shown}`;
  });
  return [
    `**Almost there: ${plural(missing.length, "answer")} ${missing.length === 1 ? "is" : "are"} missing before a fixture can be drafted.** Edit the issue and save it; we read it again by ourselves.`,
    fields.join("\n"),
    ...(problems.length === 0 ? [] : ["These answers were not understood:", renderProblems(problems)]),
  ];
}

function noFixture(triage: Triage): readonly string[] {
  const decision =
    triage.kind === "keep_trace"
      ? "**No fixture: the trace is kept, and that is enough.**"
      : "**No fixture: this incident is not one that an eval would prevent.**";
  return [
    decision,
    triageWords(triage),
    "If the issue says something wrong, edit it: **Signal**, **Severity**, **Failure types** and **Could it recur** decide, together with the tools that were called. The words of the description alone do not. We read the issue again when it is saved.",
  ];
}

function duplicate(fixtures: readonly { readonly id: string; readonly path: string }[]): readonly string[] {
  const lines = fixtures
    .slice(0, FIXTURES_SHOWN_MAX)
    .map(({ id, path }) => `- ${inlineCode(id)} in ${inlineCode(path)}`);
  const rest = fixtures.length - lines.length;
  return [
    `**This case has ${fixtures.length === 1 ? "a fixture" : "fixtures"} already**, so none was drafted:`,
    [...lines, ...(rest > 0 ? [`- … and ${rest} more`] : [])].join("\n"),
    "If it happened although the fixture was there, the fixture is too narrow: widen it in a pull request. If this is another case, say in the issue what is different, and we read it again when it is saved.",
  ];
}

function proposed(answer: Extract<IncidentAnswer, { kind: "proposed" }>): readonly string[] {
  const { drafts, redactions } = answer.proposed;
  return [
    `**${plural(drafts.length, "fixture")} drafted: ${linkTo(`pull request ${answer.pullRequest}`, answer.url)}.** ${nextOf(drafts)}`,
    ...drafts.slice(0, FIXTURES_SHOWN_MAX).map(draftSection),
    triageWords(answer.proposed.triage),
    redactionWords(redactions),
    "Edits of this issue update the draft until somebody commits to its branch.",
  ];
}

function nextOf(drafts: readonly ReproducedDraft[]): string {
  const isProven = drafts.every(({ reproduction: { kind } }) => kind === "reproduces" || kind === "flaky");
  return isProven
    ? "Next, the owner of the eval reviews and merges it; from then on the agent cannot fail in this way unnoticed."
    : "Next, the owner of the eval reviews it: what the agent did not fail yet has to be refined before it protects anything.";
}

function draftSection({ draft, reproduction }: ReproducedDraft): string {
  const { fixture } = draft;
  const claims = claimsOf(fixture).map(({ says }) => says);
  const shown = claims.slice(0, CLAIMS_SHOWN_MAX);
  const rest = claims.length - shown.length;
  return [
    `**\`${fixture.id}\`** (${fixture.level}): ${reproductionWords(reproduction)}.`,
    "",
    "It asserts that the agent:",
    ...shown.map((claim) => `- ${claim}`),
    ...(rest > 0 ? [`- … and ${rest} more`] : []),
    ...(draft.unknown.length === 0
      ? []
      : [
          "",
          "Unknown, and not invented (tell us in the issue if you know):",
          ...unknownLines(draft.unknown),
        ]),
  ].join("\n");
}

function unknownLines(unknown: readonly string[]): readonly string[] {
  const shown = unknown.slice(0, LIST_SHOWN_MAX).map((item) => `- ${inlineText(item)}`);
  return unknown.length > shown.length ? [...shown, `- … and ${unknown.length - shown.length} more`] : shown;
}

function leftAlone({
  because,
  pullRequest,
  url,
}: Extract<IncidentAnswer, { kind: "left_alone" }>): readonly string[] {
  const name = pullRequest === undefined ? "The draft" : `Pull request ${pullRequest}`;
  const draft = url === undefined ? name : linkTo(name, url);
  switch (because) {
    case "edited_by_people":
      return [
        `**${draft} was edited by a person, so it was left as it is.** Later edits of this issue are not carried over: make them in the pull request.`,
      ];
    case "rejected":
      return [
        `**${draft} was closed without being merged, so the draft counts as rejected.** When new facts come up, add them to this issue and reopen the pull request.`,
      ];
    case "merged":
      return [
        `**${draft} was merged: this incident has its fixture.** Later edits of this issue change nothing; edit the fixture in a pull request.`,
      ];
    default:
      return assertNever(because);
  }
}
