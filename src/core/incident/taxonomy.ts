/** What went wrong, one word each; finer kinds are tags. */
export const FAILURE_TYPES = [
  "hallucination",
  "instruction_violation",
  "safety_violation",
  "tool_misuse",
  "skipped_approval",
  "incomplete_task",
  "latency",
  "cost",
  "degradation_failure",
  "retrieval_miss",
  "memory_fault",
  "format_error",
] as const;
export type FailureType = (typeof FAILURE_TYPES)[number];

/** How bad an incident is, worst first. */
export const SEVERITIES = ["S1", "S2", "S3", "S4"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** What a fixture's failure does. */
export const LEVELS = ["blocking", "warning", "exploratory"] as const;
export type Level = (typeof LEVELS)[number];

/** The layers of a trajectory that a fixture may look at. */
export const LAYERS = [
  "route",
  "context",
  "retrieval",
  "tool_selection",
  "tool_input",
  "state",
  "memory",
  "policy",
  "output",
] as const;
export type Layer = (typeof LAYERS)[number];

/** What brought an incident to our attention. */
export const SIGNALS = [
  "incident",
  "near_miss",
  "human_correction",
  "overridden_denial",
  "cost_or_latency_outlier",
  "recovered_tool_error",
  "user_confusion",
] as const;
export type Signal = (typeof SIGNALS)[number];

/** Where a failure came from; an incident may have several. */
export const ROOT_CAUSES = [
  "model",
  "prompt",
  "tool",
  "retrieval",
  "policy",
  "memory",
  "topology",
  "evaluation",
] as const;
export type RootCause = (typeof ROOT_CAUSES)[number];

/** Why the evals did not catch it. */
export const EVALUATION_GAPS = [
  "missing_coverage",
  "insufficient_depth",
  "wrong_metric",
  "stale_data",
  "missing_adversarial",
] as const;
export type EvaluationGap = (typeof EVALUATION_GAPS)[number];
