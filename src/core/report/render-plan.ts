import type { Change } from "../change/change-type.ts";
import type { Selected, SuitePlan } from "../suite/suite.ts";
import { oneLine } from "../text/markdown.ts";
import { plural } from "./amounts.ts";
import { coloursOf } from "./terminal-colours.ts";

const CHANGES_SHOWN_MAX = 40;
const FIXTURES_SHOWN_MAX = 200;
const REASONS_SHOWN_MAX = 10;

/** What a plan is shown with. */
export interface PlanDetails {
  /** Name of the baseline, or undefined where the candidate is judged alone. */
  readonly against: string | undefined;
  readonly colours: boolean;
}

/** Renders for a terminal what changed since the baseline, and what runs and why. */
export function renderScope(plan: SuitePlan, details: PlanDetails): string {
  return joined(scopeBlocks(plan, details));
}

/** Renders for a terminal the whole plan: its scope, and what is left out and why. */
export function renderPlan(plan: SuitePlan, details: PlanDetails): string {
  const { dim } = coloursOf(details.colours);
  return joined([...scopeBlocks(plan, details), brokenLines(plan), leftOutLines(plan).map(dim)]);
}

function scopeBlocks(plan: SuitePlan, { against, colours }: PlanDetails): readonly (readonly string[])[] {
  const { bold } = coloursOf(colours);
  return [
    against === undefined ? [] : [bold("What changed"), ...changeLines(plan, against)],
    [bold("What runs"), ...selectedLines(plan.selected)],
  ];
}

function joined(blocks: readonly (readonly string[])[]): string {
  const texts = blocks.filter((lines) => lines.length > 0).map((lines) => lines.join("\n"));
  return `${texts.join("\n\n")}\n`;
}

function changeLines({ changes, everythingBecause }: SuitePlan, against: string): readonly string[] {
  const shown = changes.slice(0, CHANGES_SHOWN_MAX).map((change) => `  ${changeText(change)}`);
  const rest = changes.length - shown.length;
  return [
    ...(changes.length === 0 ? [`  nothing that an agent is made of, since ${oneLine(against)}`] : shown),
    ...(rest > 0 ? [`  … and ${rest} more`] : []),
    ...(everythingBecause === undefined ? [] : [`  everything runs: ${oneLine(everythingBecause)}`]),
  ];
}

function changeText({ agent, type, path, key }: Change): string {
  return `${type} of ${oneLine(agent)}: ${oneLine(path)}${key === undefined ? "" : ` (${oneLine(key)})`}`;
}

function selectedLines(selected: readonly Selected[]): readonly string[] {
  if (selected.length === 0) return ["  no fixture"];
  const shown = selected
    .slice(0, FIXTURES_SHOWN_MAX)
    .map(({ file: { fixture }, because }) => `  ${fixture.id} (${fixture.level}): ${oneLine(because)}`);
  const rest = selected.length - shown.length;
  return rest > 0 ? [...shown, `  … and ${rest} more`] : shown;
}

function brokenLines({ broken }: SuitePlan): readonly string[] {
  return broken
    .slice(0, FIXTURES_SHOWN_MAX)
    .map(({ path }) => `${oneLine(path)} cannot be read (\`incident-to-eval validate\` says why)`);
}

function leftOutLines({ leftOut }: SuitePlan): readonly string[] {
  const groups = [...Map.groupBy(leftOut, ({ because }) => because)];
  const shown = groups
    .slice(0, REASONS_SHOWN_MAX)
    .map(([because, group]) => `${plural(group.length, "fixture")} left out: ${oneLine(because)}`);
  const rest = groups.length - shown.length;
  return rest > 0 ? [...shown, `… and for ${plural(rest, "more reason")}`] : shown;
}
