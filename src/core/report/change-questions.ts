import type { Change, ChangeType } from "../change/change-type.ts";
import { gatesOf } from "../fixture/gate-table.ts";
import type { SuitePlan } from "../suite/suite.ts";
import { inlineCode, inlineText, table } from "../text/markdown.ts";
import { listing } from "./amounts.ts";

const PATHS_SHOWN_MAX = 3;
const FIXTURES_SHOWN_MAX = 5;
const ROWS_SHOWN_MAX = 30;

const CAN_AFFECT: Readonly<Record<ChangeType, string>> = {
  prompt: "which steps it takes, how it answers, when it stops",
  tools: "which tools it calls and with which arguments",
  policy: "what it refuses, what it promises, when it asks for approval",
  model: "everything it does",
  retrieval: "which documents its answers rest on",
  memory: "what it remembers and applies",
  topology: "everything it does, and which agent does it",
};

/** Answers the three questions of a check: what changed, which behaviours it can affect, which fixtures protect them. */
export function renderQuestions(plan: SuitePlan): string {
  if (plan.changes.length === 0) return noChange(plan);
  const groups = [...Map.groupBy(plan.changes, ({ agent, type }) => `${type} ${agent}`).values()];
  const rows = groups.slice(0, ROWS_SHOWN_MAX).flatMap((changes) => {
    const first = changes[0];
    return first === undefined ? [] : [questionRow(first, changes, plan)];
  });
  const rest = groups.length - rows.length;
  return [
    table(["What changed", "What it can affect", "What protects it"], rows),
    ...(rest > 0 ? [`\n… and ${rest} more kinds of change.`] : []),
    ...(plan.everythingBecause === undefined
      ? []
      : [`\nEvery fixture runs: ${inlineText(plan.everythingBecause)}`]),
  ].join("\n");
}

function noChange(plan: SuitePlan): string {
  if (plan.everythingBecause !== undefined)
    return `Every fixture runs: ${inlineText(plan.everythingBecause)}`;
  return "No file that an agent is made of (prompt, tools, policy, model, retrieval, memory, topology) differs from the base, so no behaviour of an agent can have changed through this pull request.";
}

function questionRow(first: Change, changes: readonly Change[], plan: SuitePlan): readonly string[] {
  const places = changes.map(({ path, key }) =>
    key === undefined ? inlineCode(path) : `${inlineCode(path)} → ${inlineCode(key)}`,
  );
  return [
    `**${first.type}** of ${inlineCode(first.agent)}<br>${listing(places, PATHS_SHOWN_MAX)}`,
    affectedBy(first.type),
    protection(first, plan),
  ];
}

/** Says what a change of this type can affect. */
export function affectedBy(type: ChangeType): string {
  return CAN_AFFECT[type];
}

/** Lists the fixtures that run and protect against what one change changes, by id. */
export function protectedBy({ agent, type }: Change, plan: SuitePlan): readonly string[] {
  const protecting = plan.selected.filter(
    ({ file: { fixture }, against = [] }) =>
      (fixture.agent === agent && gatesOf(fixture).types.includes(type)) ||
      against.some((change) => change.agent === agent && change.type === type),
  );
  return [...new Set(protecting.map(({ file }) => file.fixture.id))];
}

function protection(change: Change, plan: SuitePlan): string {
  const ids = protectedBy(change, plan).map((id) => inlineCode(id));
  return ids.length === 0
    ? `**nothing**: no fixture of ${inlineCode(change.agent)} covers it`
    : listing(ids, FIXTURES_SHOWN_MAX);
}
