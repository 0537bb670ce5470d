import type { Triage } from "../incident/triage.ts";
import { inlineCode, inlineText } from "../text/markdown.ts";

/** Says what an incident weighs, by which row of the table or whose decision, and how to overrule it. */
export function triageWords(triage: Triage): string {
  return [decisionOf(triage), ...lapsedOf(triage), HOW_TO_OVERRULE].join(" ");
}

const HOW_TO_OVERRULE =
  "To overrule that, comment `/incident-to-eval triage <blocking|warning|exploratory|skip> because <reason>`; it is recorded.";

function decisionOf(triage: Triage): string {
  const weight = triage.kind === "fixture" ? triage.level : "no fixture";
  const { overruled } = triage;
  return overruled === undefined
    ? `Triage: **${weight}**, by the row ${inlineCode(triage.row)} of the table. ${inlineText(triage.because)}`
    : `Triage: **${weight}**, decided by ${inlineCode(overruled.by)}. ${inlineText(triage.because)}. The table says ${overruled.instead}, by its row ${inlineCode(overruled.row)}: ${inlineText(overruled.because)}`;
}

function lapsedOf({ lapsed }: Triage): readonly string[] {
  if (lapsed === undefined) return [];
  return [
    `${inlineCode(lapsed.by)} had decided ${lapsed.level}, on other facts: that does not stand any more.`,
  ];
}
