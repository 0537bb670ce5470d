import type { JsonObject } from "../json.ts";
import type { Trajectory } from "../trajectory/trajectory.ts";
import type { EvaluationGap, FailureType, RootCause, Severity, Signal } from "./taxonomy.ts";

/** The fields of the incident form, in its order; `label` is what the form prints. */
export const FIELDS = [
  { id: "incident", label: "Incident ID" },
  { id: "date", label: "Date" },
  { id: "severity", label: "Severity" },
  { id: "signal", label: "Signal" },
  { id: "agent", label: "Agent" },
  { id: "commit", label: "Commit or release that was running" },
  { id: "user_input", label: "What the user sent" },
  { id: "observed", label: "What the agent did" },
  { id: "expected", label: "What it should have done" },
  { id: "must", label: "It must" },
  { id: "must_not", label: "It must not" },
  { id: "tools_called", label: "Tools it called" },
  { id: "tools_required", label: "Tools it should have called" },
  { id: "tools_forbidden", label: "Tools it must not call" },
  { id: "context", label: "Context (documents, memory, state)" },
  { id: "trace", label: "Trace" },
  { id: "failure_types", label: "Failure types" },
  { id: "root_causes", label: "Root causes" },
  { id: "evaluation_gap", label: "Why did our evals not catch it" },
  { id: "recurrence", label: "Could it recur" },
  { id: "affected_users", label: "Affected users" },
  { id: "started", label: "Started" },
  { id: "detected", label: "Detected" },
  { id: "resolved", label: "Resolved" },
  { id: "leading_metric", label: "What metric would have shown it earlier" },
  { id: "what_happened", label: "What happened" },
  { id: "why_happened", label: "Why did it happen" },
  { id: "why_not_caught", label: "Why did we not catch it earlier" },
  { id: "actions", label: "What will we change" },
  { id: "success_criteria", label: "How will we know that it worked" },
  { id: "fix", label: "Fix" },
  { id: "owner", label: "Owner of the eval" },
] as const;
export type FieldId = (typeof FIELDS)[number]["id"];

/** The text of one field, and where it stands in the body (offsets in UTF-16 units of the normalised body). */
export interface FieldText {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** A tool call that the postmortem reports. A result that nobody wrote down is undefined: unknown, not empty. */
export interface ReportedCall {
  readonly tool: string;
  readonly arguments: JsonObject | undefined;
  readonly result: import("../json.ts").JsonValue | undefined;
  readonly error?: string;
}

/** The structured content of an incident's body. What was not said is undefined or empty. */
export interface Postmortem {
  readonly title: string;
  readonly issue: number;
  readonly author: string;
  readonly incident: string | undefined;
  readonly date: string | undefined;
  readonly severity: Severity | undefined;
  readonly signal: Signal | undefined;
  readonly agent: string | undefined;
  readonly commit: string | undefined;
  readonly messages: readonly { readonly role: "user" | "assistant"; readonly content: string }[];
  readonly observed: string | undefined;
  readonly expected: string | undefined;
  readonly must: readonly string[];
  readonly mustNot: readonly string[];
  readonly calls: readonly ReportedCall[];
  readonly toolsRequired: readonly string[];
  readonly toolsForbidden: readonly string[];
  readonly documents: readonly { readonly source: string; readonly content: string }[];
  readonly memory: readonly string[];
  readonly state: JsonObject;
  /** What a pasted trace shows, where there is one that we can read. */
  readonly trace: Trajectory | undefined;
  readonly failureTypes: readonly FailureType[];
  /** Finer kinds in the words of the report; they become tags. */
  readonly failureTags: readonly string[];
  readonly rootCauses: readonly RootCause[];
  readonly evaluationGap: EvaluationGap | undefined;
  readonly owner: string | undefined;
  readonly fix: string | undefined;
  /** Every recognised field as written, for quotes and for the record. */
  readonly fields: Readonly<Partial<Record<FieldId, FieldText>>>;
  /** Text that belongs to no known field: prose, foreign headings. */
  readonly rest: string;
}

/** Something that the drafter needs and the postmortem does not say, in the words of the form. */
export interface MissingField {
  readonly field: FieldId;
  readonly label: string;
  readonly ask: string;
}
