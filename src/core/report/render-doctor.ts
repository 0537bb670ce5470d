import { diagnosisExitCode, type Finding, type FindingState } from "../doctor/finding.ts";
import { plural } from "./amounts.ts";

const MARKS: Readonly<Record<FindingState, string>> = {
  ok: "ok      ",
  warning: "warning ",
  problem: "problem ",
  unseen: "unseen  ",
};

/** Renders a diagnosis for a terminal: a line for each finding, and below it how it is mended. */
export function renderDiagnosis(findings: readonly Finding[]): string {
  const lines = findings.flatMap(({ on, state, says, mend }) => [
    `${MARKS[state]} ${on}: ${says}`,
    ...(mend === undefined ? [] : [`         → ${mend}`]),
  ]);
  return `${[...lines, "", summaryOf(findings)].join("\n")}\n`;
}

/** Renders a diagnosis as JSON, with the exit code that the command line ends with. */
export function diagnosisJson(findings: readonly Finding[]): object {
  return { exitCode: diagnosisExitCode(findings), findings };
}

/** Says in one line what a diagnosis came to. */
export function summaryOf(findings: readonly Finding[]): string {
  const count = (state: FindingState) => findings.filter((finding) => finding.state === state).length;
  const parts = [
    plural(count("problem"), "problem"),
    plural(count("warning"), "warning"),
    `${count("ok")} ok`,
    ...(count("unseen") > 0 ? [`${count("unseen")} could not be looked at`] : []),
  ];
  return parts.join(", ");
}
