import type { Fixture } from "../fixture/fixture.ts";
import { ALWAYS_GATED, gatesOf } from "../fixture/gate-table.ts";
import type { Postmortem } from "../incident/postmortem.ts";
import { inlineCode, inlineText, linkTo, quoteBlock, table } from "../text/markdown.ts";
import { listing, plural } from "./amounts.ts";
import { fitSections } from "./fit-sections.ts";
import { claimsOf } from "./fixture-claims.ts";
import type { ProposedFixtures, ReproducedDraft } from "./incident-answer.ts";
import { redactionWords } from "./redaction-words.ts";
import { reproductionWords } from "./reproduction-words.ts";
import { shrinkageWords } from "./shrinkage-words.ts";

/** GitHub refuses bodies over 65,536 characters; bytes are the safer count. */
const BODY_BYTES_MAX = 60_000;
const QUOTED_LINES_MAX = 20;
const MESSAGES_SHOWN_MAX = 6;
const CLAIMS_SHOWN_MAX = 40;
const LIST_SHOWN_MAX = 15;
const QUOTE_LENGTH_MAX = 160;

const EFFECTS = {
  blocking: "**blocked**",
  warning: "**warned about**",
  exploratory: "**listed** (exploratory: nothing is stopped)",
} as const;

/** Renders the body of the pull request that proposes an incident's fixtures. */
export function renderProposal(proposed: ProposedFixtures): string {
  return fitSections(
    {
      first: [renderLead(proposed), renderReport(proposed.postmortem)],
      middle: proposed.drafts.map(renderDraft),
      last: [
        renderDecision(proposed),
        renderNearest(proposed),
        renderChecklist(proposed),
        renderProvenance(proposed),
      ],
    },
    { bytesMax: BODY_BYTES_MAX },
  );
}

function renderLead({ issue, drafts }: ProposedFixtures): string {
  const levels = [...new Set(drafts.map(({ draft }) => draft.fixture.level))];
  const effects = levels.map((level) => EFFECTS[level]);
  const effect = listing(effects, effects.length, "or");
  return `Once this is merged, a pull request that makes the agent fail as in #${issue} is ${effect}. This adds ${plural(drafts.length, "fixture")} and changes nothing else.`;
}

function renderReport(postmortem: Postmortem): string {
  const { messages, observed, expected, author } = postmortem;
  const said = messages
    .slice(0, MESSAGES_SHOWN_MAX)
    .flatMap(({ role, content }) => [
      role === "user" ? "The user sent:" : "The agent had answered:",
      quoteBlock(content, QUOTED_LINES_MAX),
    ]);
  return [
    `## What failed\n\nIn the words of ${inlineCode(author)}, after redaction.`,
    ...said,
    ...(observed === undefined ? [] : ["What the agent did:", quoteBlock(observed, QUOTED_LINES_MAX)]),
    ...(expected === undefined ? [] : ["What it should have done:", quoteBlock(expected, QUOTED_LINES_MAX)]),
  ].join("\n\n");
}

function renderDraft({ draft, path, reproduction, minimised }: ReproducedDraft): string {
  const { fixture } = draft;
  const lists = [
    ["Unknown, and not invented: fill in what you know", draft.unknown],
    ["Proposed by the model and left out, because no sentence of the report says so", draft.dropped],
    ["Taken out without losing the failure", minimised?.removed ?? []],
  ] as const;
  return [
    `## \`${fixture.id}\`: ${fixture.failure_type ?? "unclassified"}, ${fixture.level}`,
    inlineCode(path),
    `Evidence: ${reproductionWords(reproduction)}.`,
    ...(minimised === undefined ? [] : [`Made smaller ${shrinkageWords(minimised)}.`]),
    "It asserts that the agent:",
    renderClaims(fixture),
    runsOn(fixture),
    ...lists.flatMap(([title, items]) => (items.length === 0 ? [] : [`${title}:\n\n${bullets(items)}`])),
  ].join("\n\n");
}

function renderClaims(fixture: Fixture): string {
  const quotes = fixture.source?.quotes ?? {};
  const claims = claimsOf(fixture);
  const rows = claims.slice(0, CLAIMS_SHOWN_MAX).map(({ at, says, value }) => {
    const quote = quotes[at] ?? quotes[value];
    return [says, quote === undefined ? "–" : `“${inlineText(quote, QUOTE_LENGTH_MAX)}”`, inlineCode(at)];
  });
  const rest = claims.length - rows.length;
  return [
    table(["Assertion", "Because the report says", "In the file"], rows),
    ...(rest > 0 ? [`\n… and ${plural(rest, "more assertion")}.`] : []),
  ].join("\n");
}

function runsOn(fixture: Fixture): string {
  const types = [...new Set([...(fixture.gates ?? gatesOf(fixture).types), ...ALWAYS_GATED])];
  return `It runs on every pull request that changes the ${listing(types, types.length, "or")} of the agent ${inlineCode(fixture.agent)}.`;
}

function renderDecision({ triage, redactions }: ProposedFixtures): string {
  const level = triage.kind === "fixture" ? `**${triage.level}**` : "no fixture";
  return [
    `## Why this weight\n\nTriage says ${level} by its row ${inlineCode(triage.row)}: ${inlineText(triage.because)}`,
    `## What was taken out\n\n${redactionWords(redactions)}`,
  ].join("\n\n");
}

function renderNearest({ nearest }: ProposedFixtures): string | undefined {
  if (nearest.length === 0) return undefined;
  const rows = nearest
    .slice(0, LIST_SHOWN_MAX)
    .map(({ id, path, nearness }) => [inlineCode(id), inlineCode(path), `${Math.round(nearness * 100)} %`]);
  return `## Nearest fixtures\n\nIf one of them says the same, extend it and close this instead.\n\n${table(["Fixture", "File", "Alike"], rows)}`;
}

function renderChecklist({ drafts }: ProposedFixtures): string {
  const unknown = drafts.some(({ draft }) => draft.unknown.length > 0);
  const unproven = drafts.some(
    ({ reproduction }) => reproduction.kind === "does_not_reproduce" || reproduction.kind === "undecided",
  );
  const items = [
    "The assertions say what the agent should do, never what it did.",
    "Nothing in the files is private.",
    "Agent, level and owner are right.",
    ...(unknown ? ["What is unknown is filled in, or does not matter."] : []),
    ...(unproven ? ["A fixture that did not fail yet is refined until it does, or does not block."] : []),
  ];
  return `## For the reviewer\n\n${items.map((item) => `- [ ] ${item}`).join("\n")}`;
}

function renderProvenance({ issue, issueUrl, draftedBy }: ProposedFixtures): string {
  const how =
    draftedBy === undefined
      ? "by rules alone, without a model"
      : `by rules, and by the model ${inlineCode(draftedBy)} for what the form left open; each of its values rests on a quote`;
  return [
    "---",
    `Refs #${issue} · drafted from ${linkTo("the incident", issueUrl)} ${how}. Edits of the issue update this pull request until somebody commits to the branch; close it to reject the draft.`,
  ].join("\n\n");
}

function bullets(items: readonly string[]): string {
  const shown = items.slice(0, LIST_SHOWN_MAX).map((item) => `- ${inlineText(item)}`);
  return [
    ...shown,
    ...(items.length > shown.length ? [`- … and ${items.length - shown.length} more`] : []),
  ].join("\n");
}
