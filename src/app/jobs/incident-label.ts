import type { ConfigAtCommit } from "../../core/config/choose-judging.ts";

const LABEL_DEFAULT = "incident";

/** Names the label that makes an issue an incident; without a configuration that can be used, the usual one. */
export function incidentLabel(judging: ConfigAtCommit): string {
  return judging.kind === "parsed" ? judging.value.incidents.label : LABEL_DEFAULT;
}
