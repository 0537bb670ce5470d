import { assertNever, problemText } from "../problem.ts";
import { oneLine } from "../text/markdown.ts";
import { shortSha } from "../text/short-sha.ts";
import { plural } from "./amounts.ts";
import { FIELD_EXAMPLES } from "./field-examples.ts";
import { claimsOf } from "./fixture-claims.ts";
import type { IncidentAnswer, ProposedFixtures, ReproducedDraft, Reproduction } from "./incident-answer.ts";
import { shrinkageWords } from "./shrinkage-words.ts";

const LINES_SHOWN_MAX = 12;
const INDENT = "    ";

/** What an incident from a file came to: fixtures, or one of the answers that an issue would get. */
export type DraftedFromFile =
  | Extract<IncidentAnswer, { kind: "incomplete" | "no_fixture" | "duplicate" | "configuration_broken" }>
  | { readonly kind: "drafted"; readonly proposed: ProposedFixtures };

/** Renders for a terminal what an incident from a file came to. */
export function renderDrafted(drafted: DraftedFromFile): string {
  return `${linesOf(drafted).join("\n")}\n`;
}

function linesOf(drafted: DraftedFromFile): readonly string[] {
  switch (drafted.kind) {
    case "incomplete":
      return [
        `Nothing was drafted: ${plural(drafted.missing.length, "answer")} ${drafted.missing.length === 1 ? "is" : "are"} missing. Add ${drafted.missing.length === 1 ? "it" : "them"} to the file, each under a heading:`,
        ...drafted.missing.flatMap(({ field, label, ask }) => {
          const example = FIELD_EXAMPLES[field];
          return [
            `  ${oneLine(label)}: ${oneLine(ask)}`,
            ...(example === undefined ? [] : [`${INDENT}for example: ${oneLine(example)}`]),
          ];
        }),
        ...drafted.problems.map((problem) => `  not understood: ${oneLine(problemText(problem))}`),
      ];
    case "no_fixture":
      return [
        `No fixture: ${oneLine(drafted.triage.because)}`,
        `It was decided by the row "${oneLine(drafted.triage.row)}" of the triage table. If that is wrong, Signal, Severity, Failure types and Could it recur decide: edit the file and draft again.`,
      ];
    case "duplicate":
      return [
        "Nothing was drafted: this case has a fixture already.",
        ...shortened(drafted.fixtures.map(({ id, path }) => `  ${id} in ${oneLine(path)}`)),
        "If it happened although the fixture was there, the fixture is too narrow: widen it.",
      ];
    case "configuration_broken":
      return [
        "Nothing was drafted: the agent cannot be built from this checkout.",
        ...drafted.problems.map((problem) => `  ${oneLine(problemText(problem))}`),
      ];
    case "drafted":
      return draftedLines(drafted.proposed);
    default:
      return assertNever(drafted);
  }
}

function draftedLines({ triage, drafts, redactions, nearest }: ProposedFixtures): readonly string[] {
  const redacted = Object.values(redactions).reduce((sum, count) => sum + count, 0);
  return [
    `${plural(drafts.length, "fixture")} drafted: ${oneLine(triage.because)}`,
    ...drafts.flatMap(draftLines),
    ...(redacted === 0
      ? []
      : [
          `${plural(redacted, "value")} that looked secret or personal ${redacted === 1 ? "was" : "were"} replaced.`,
        ]),
    ...shortened(nearest.map(({ id, path }) => `near: ${id} in ${oneLine(path)}`)),
  ];
}

function draftLines({ draft, path, reproduction, minimised }: ReproducedDraft): readonly string[] {
  const { fixture } = draft;
  return [
    "",
    `${path} (${fixture.level})`,
    `${INDENT}${reproductionText(reproduction)}`,
    ...(minimised === undefined
      ? []
      : [
          `${INDENT}made smaller ${shrinkageWords(minimised)}`,
          `${INDENT}taken out: ${oneLine(minimised.removed.join(", "))}`,
        ]),
    ...list(
      "asserts",
      claimsOf(fixture).map(({ at, value }) => `${at}: ${value}`),
    ),
    ...list("unknown, and not invented", draft.unknown),
    ...list("proposed by the model and left out, as no sentence says it", draft.dropped),
    "",
  ];
}

function reproductionText(reproduction: Reproduction): string {
  switch (reproduction.kind) {
    case "reproduces":
      return `reproduces ${reproduction.failed}/${reproduction.trials} on ${shortSha(reproduction.sha)}: the agent really fails it`;
    case "flaky":
      return `flaky ${reproduction.failed}/${reproduction.trials} on ${shortSha(reproduction.sha)}: the agent fails it sometimes`;
    case "does_not_reproduce":
      return `does not reproduce 0/${reproduction.trials} on ${shortSha(reproduction.sha)}: the agent passes it, so it may not block yet`;
    case "undecided":
      return `not reproduced yet: ${oneLine(reproduction.because)}`;
    default:
      return assertNever(reproduction);
  }
}

function list(title: string, items: readonly string[]): readonly string[] {
  if (items.length === 0) return [];
  return [`${INDENT}${title}:`, ...shortened(items.map((item) => `${INDENT}  ${oneLine(item)}`))];
}

function shortened(lines: readonly string[]): readonly string[] {
  const rest = lines.length - LINES_SHOWN_MAX;
  return rest > 0 ? [...lines.slice(0, LINES_SHOWN_MAX), `${INDENT}… and ${rest} more`] : lines;
}
