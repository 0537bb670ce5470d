import { canonicalJson } from "../json.ts";
import { inlineCode, inlineText } from "../text/markdown.ts";
import type { Gap } from "../trajectory/trajectory.ts";
import type { Side } from "../trial/trial.ts";

const GAPS_SHOWN_MAX = 3;
const ARGUMENTS_LENGTH_MAX = 160;

/** Why a side could not be decided, by who can change it. */
export type UndecidedCause =
  /** The agent called a tool as no recording foresees. */
  | { readonly kind: "no_recording"; readonly gaps: readonly Gap[] }
  /** The provider or the network failed. */
  | { readonly kind: "outage"; readonly because: string }
  | { readonly kind: "other"; readonly because: string };

/** Finds why a side could not be decided: what its trials show comes before what was said of the side. */
export function undecidedCause(side: Side): UndecidedCause {
  const gaps = side.trials.flatMap((trial) => (trial.status === "ungraded" ? trial.trajectory.gaps : []));
  if (gaps.length > 0) return { kind: "no_recording", gaps: distinct(gaps).slice(0, GAPS_SHOWN_MAX) };
  const errored = side.trials.find((trial) => trial.status === "errored");
  if (errored !== undefined) return { kind: "outage", because: errored.because };
  const ungraded = side.trials.find((trial) => trial.status === "ungraded");
  return { kind: "other", because: side.because ?? ungraded?.because ?? "no trial came to a decision" };
}

/** Says which recording is missing, and which one came nearest. */
export function gapWords({ tool, arguments: given, nearest, differs }: Gap): string {
  const call = `${inlineCode(tool)} with ${inlineCode(canonicalJson(given), ARGUMENTS_LENGTH_MAX)}`;
  if (nearest === undefined) return `${call} (nothing is recorded for this tool)`;
  const parts = inlineCode(differs.join("; "), ARGUMENTS_LENGTH_MAX);
  return `${call} (nearest recording: ${inlineCode(canonicalJson(nearest), ARGUMENTS_LENGTH_MAX)}; ${parts})`;
}

/** Says in one line of Markdown why a side could not be decided. */
export function causeWords(cause: UndecidedCause): string {
  switch (cause.kind) {
    case "no_recording":
      return `The agent called ${cause.gaps.map(gapWords).join("; ")}.`;
    case "outage":
      return `The agent could not be run: ${inlineText(cause.because)}`;
    case "other":
      return inlineText(cause.because);
  }
}

function distinct(gaps: readonly Gap[]): readonly Gap[] {
  const keyOf = ({ tool, arguments: given }: Gap): string => `${tool} ${canonicalJson(given)}`;
  return [...new Map(gaps.map((gap) => [keyOf(gap), gap])).values()];
}
