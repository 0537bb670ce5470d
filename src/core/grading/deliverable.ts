import type { SpanKind } from "../trajectory/trajectory.ts";
import type { Grader } from "./grader.ts";

/** Leaves open what rests on kinds of spans that the target cannot deliver: that they are not seen says nothing. */
export function onlyIfDelivered(kinds: readonly SpanKind[], grader: Grader): Grader {
  if (kinds.length === 0) return grader;
  return async (evidence) => {
    const delivered = evidence.trajectory.kinds;
    const missing = kinds.find((kind) => delivered !== undefined && !delivered.has(kind));
    if (missing === undefined) return await grader(evidence);
    return {
      kind: "ungraded",
      because: `the agent shows no ${missing} spans: ${HOW[missing] ?? `say under its \`spans\` in the configuration which tool calls are \`${missing}:…\`, or, where it runs elsewhere, what its traces show under \`delivers\``}`,
    };
  };
}

const HOW: Readonly<Partial<Record<SpanKind, string>>> = {
  retrieval: "name its search tool under `retrieval` in the configuration",
};
