import { FIELDS, type FieldId } from "../../src/core/incident/postmortem.ts";

/** A body as GitHub prints the incident form; what is not given is empty in GitHub's words. */
export function aFormBody(texts: Partial<Record<FieldId, string>> = {}): string {
  return FIELDS.map(({ id, label }) => `### ${label}\n\n${texts[id] ?? "_No response_"}`).join("\n\n");
}
