import type { Guarded } from "../guard/consent.ts";
import type { FieldChange, WeakenedPart } from "../guard/weakening.ts";
import type { JsonValue } from "../json.ts";
import { assertNever } from "../problem.ts";
import { inlineCode, inlineText, table } from "../text/markdown.ts";
import { listing, plural } from "./amounts.ts";

const ROWS_SHOWN_MAX = 100;
const CHANGES_SHOWN_MAX = 30;
const VALUE_LENGTH_MAX = 160;
const NAMES_SHOWN_MAX = 5;

/** Renders what a pull request weakens as a table: what, how, who keeps it, and who approved it. */
export function renderGuarded(guarded: readonly Guarded[]): string {
  const rows = guarded
    .slice(0, ROWS_SHOWN_MAX)
    .map((one) => [
      inlineCode(one.weakened.name),
      partWords(one.weakened.part),
      one.weakened.owner === undefined ? "nobody is named" : inlineCode(one.weakened.owner),
      consentWords(one),
    ]);
  const rest = guarded.length - rows.length;
  return [
    table(["Weakened", "How", "Owner", "Approval for this commit"], rows),
    ...(rest > 0 ? [`\n… and ${rest} more.`] : []),
  ].join("\n");
}

/** Renders what changed in one fixture or file, place by place, old and new; undefined where the table says it all. */
export function renderChanges({ weakened }: Guarded): string | undefined {
  const { part, name } = weakened;
  if (part.kind !== "fixture_changed" && part.kind !== "configuration_changed") return undefined;
  const rows = part.changes.slice(0, CHANGES_SHOWN_MAX).map(changeRow);
  const rest = part.changes.length - rows.length;
  return [
    `### ${inlineCode(name)}`,
    "",
    table(["Where", "Before", "Here"], rows),
    ...(rest > 0 ? [`\n… and ${rest} more places.`] : []),
  ].join("\n");
}

/** Says in a few words what becomes of a fixture or a file. */
export function partWords(part: WeakenedPart): string {
  switch (part.kind) {
    case "fixture_changed":
    case "configuration_changed": {
      const places = part.changes.map(({ at }) => inlineCode(at));
      return `asks for less, or for something else, at ${listing(places, NAMES_SHOWN_MAX)}`;
    }
    case "fixture_removed":
      return part.movedTo === undefined
        ? "is removed"
        : `is moved to ${inlineCode(part.movedTo)}, which is not read as a fixture`;
    case "fixture_unreadable":
      return `can no longer be read: ${inlineText(part.because)}`;
    case "out_of_scope":
      return `is moved out of scope: no glob of any agent matches ${inlineCode(part.movedTo)}`;
    case "words_hidden":
      return "begins with front matter here, as no prompt on the base does: the gate gives it to no agent, so it cannot tell what those words do";
    case "calibration_changed":
      return "measures the judge and is changed";
    case "unseen":
      return inlineText(part.because);
    default:
      return assertNever(part);
  }
}

/** Says a change of one place in one line of plain text. */
export function changeWords({ before, after }: FieldChange): string {
  return `${shownValue(before)} → ${shownValue(after)}`;
}

/** Counts what is weakened, in words such as `2 fixtures and the configuration`. */
export function amountWords(guarded: readonly Guarded[]): string {
  const kinds = guarded.map(({ weakened }) => weakened.part.kind);
  const count = (...wanted: readonly WeakenedPart["kind"][]): number =>
    kinds.filter((kind) => wanted.includes(kind)).length;
  const fixtures = count("fixture_changed", "fixture_removed", "fixture_unreadable");
  const moved = count("out_of_scope");
  const examples = count("calibration_changed");
  const hidden = count("words_hidden");
  const parts = [
    ...(fixtures > 0 ? [plural(fixtures, "fixture")] : []),
    ...(count("configuration_changed") > 0 ? ["the configuration"] : []),
    ...(moved > 0 ? [`the scope of ${plural(moved, "file")}`] : []),
    ...(hidden > 0 ? [`the front matter of ${plural(hidden, "prompt")}`] : []),
    ...(examples > 0 ? [plural(examples, "calibration example")] : []),
    ...(count("unseen") > 0 ? ["what cannot be seen"] : []),
  ];
  return listing(parts, parts.length);
}

function changeRow(change: FieldChange): readonly string[] {
  const { at, before, after, line } = change;
  const place = inlineCode(at === "" ? "the file" : at) + (line === undefined ? "" : ` (line ${line})`);
  return [place, shown(before), shown(after)];
}

function shown(value: JsonValue | undefined): string {
  return value === undefined ? "–" : inlineCode(shownValue(value), VALUE_LENGTH_MAX);
}

function shownValue(value: JsonValue | undefined): string {
  if (value === undefined) return "nothing";
  return typeof value === "string" && value !== "" ? value : JSON.stringify(value);
}

function consentWords({ consent }: Guarded): string {
  if (consent.kind === "given") return `✅ ${inlineCode(`@${consent.by}`)}, as ${inlineCode(consent.as)}`;
  return `❌ missing: ${listing(consent.approvers.map(partyWords), NAMES_SHOWN_MAX, "or")}`;
}

/** Names a party that may approve: a team or a person by name, a role in words. */
export function partyWords(party: string): string {
  return party.startsWith("@") ? inlineCode(party) : `anyone with the role ${inlineCode(party)}`;
}
