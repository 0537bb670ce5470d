import { z } from "zod";
import { CHANGE_TYPES } from "../change/change-type.ts";
import { LEVELS } from "../incident/taxonomy.ts";
import { jsonObject } from "../json.ts";
import { SPAN_KINDS } from "../trajectory/trajectory.ts";
import { VERDICTS } from "../verdict/verdict.ts";

/** Raised when a member changes its meaning or goes; new members may come at any time. */
export const RESULT_VERSION = 1;

const text = z.string();
const count = z.int().min(0);
const usd = z.number().min(0);
const ms = z.number().min(0);

const intervalSchema = z
  .object({ estimate: z.number(), low: z.number(), high: z.number(), confidence: z.number() })
  .describe("A share with the bounds between which the true one lies, all from 0 to 1.");

const usageSchema = z.object({
  input_tokens: count,
  output_tokens: count,
  cache_read_tokens: count,
  cache_write_tokens: count,
});

const stepSchema = z.object({
  id: text,
  kind: z.enum(SPAN_KINDS),
  name: text.describe("`kind:name`, as fixtures name it."),
  status: z.enum(["succeeded", "failed", "denied", "waiting"]),
  agent: text.nullable(),
  call: z.object({ tool: text, arguments: jsonObject.describe("Long texts are shortened.") }).nullable(),
  error: z
    .object({
      type: z.enum(["error", "timeout", "malformed", "malformed_call", "unknown_tool"]),
      message: text,
    })
    .nullable(),
  side_effect: text.nullable().describe("What the call would have done to the world; it was not executed."),
  planted: text.nullable(),
  start_ms: ms,
  duration_ms: ms,
  usage: usageSchema.nullable(),
});

const assertionSchema = z.object({
  use: text,
  at: text.describe("Path in the fixture."),
  judged: z.boolean().describe("An LLM decided."),
  grade: z.enum(["pass", "fail", "ungraded"]),
  because: text,
  expected: text.optional(),
  observed: text.optional(),
  span: text.nullable().optional().describe("Id of the step where expected and observed part."),
});

const ranTrial = {
  cost_usd: usd.nullable().describe("Null where the model has no known price."),
  stop_reason: text,
  spans: z.array(text).describe("Names of the steps."),
  steps: z.array(stepSchema),
  gaps: z.array(
    z.object({
      tool: text,
      arguments: jsonObject,
      nearest: jsonObject.nullable(),
      differs: z.array(text),
    }),
  ),
  output: text,
  turns: count,
  usage: usageSchema,
  latency_ms: ms,
  cached: z.boolean().describe("The agent was not run: what it did in an earlier run was graded."),
  assertions: z.array(assertionSchema),
};

const trialSchema = z.discriminatedUnion("status", [
  z.object({ status: z.literal(["passed", "failed"]), ...ranTrial }),
  z.object({ status: z.literal("ungraded"), because: text, ...ranTrial }),
  z.object({ status: z.literal("errored"), because: text, retryable: z.boolean() }),
]);

const sideSchema = z.object({
  outcome: z.enum(["passed", "failed", "flaky", "undecided", "not_run"]),
  pass_rate: intervalSchema.nullable(),
  because: text.nullable(),
  judged_only: z.boolean(),
  cost_usd: usd.describe("What its trials cost when they ran."),
  trials: z.array(trialSchema),
});

const resultFixtureSchema = z.object({
  id: text,
  path: text,
  agent: text,
  level: z.enum(LEVELS),
  counted_as: z.enum(LEVELS).describe("Its level, unless what the verdict rests on may warn only."),
  effect: z.enum(["none", "warns", "open", "blocks"]).describe("What it does to the decision."),
  rests_on_judge: z.boolean(),
  is_unproven: z.boolean(),
  origin: z.enum(["unchanged", "added", "changed", "base_version", "removed"]),
  verdict: z.enum(VERDICTS),
  because: text,
  incident: text.nullable(),
  issue: z.int().nullable(),
  owner: text.nullable(),
  definition: jsonObject.describe("The fixture without its recordings and its context."),
  candidate: sideSchema,
  baseline: sideSchema.nullable(),
});

const problemSchema = z.object({
  at: text,
  expected: text,
  got: text,
  line: z.int().nullable(),
});

/** The shape of the result of a run, as `run --json` and `merge --json` write it. */
export const resultSchema = z.object({
  schema: z.literal(RESULT_VERSION).describe("Raised when a member changes its meaning or goes."),
  repo: text.nullable(),
  pull_request: z.int().nullable(),
  head: z.object({ sha: text.nullable(), branch: text }),
  base: z.object({ sha: text, branch: text }).nullable(),
  decision: z.object({
    blocking: z.enum(["success", "failure", "neutral", "action_required", "cancelled"]),
    warning: z.enum(["success", "failure", "neutral", "action_required", "cancelled"]),
    exit_code: z.literal([0, 1, 3]).describe("0 held, 1 blocking failure, 3 could not evaluate."),
    warning_conclusion: z
      .enum(["neutral", "require_override"])
      .nullable()
      .describe("`gate.warning` of the configuration."),
    suite_threshold: z.number().nullable().describe("`gate.thresholds.suite` of the configuration."),
  }),
  shard: z
    .object({
      index: z.int().min(1),
      count: z.int().min(1),
      suite: text.describe("The same for all shards of one suite."),
    })
    .nullable(),
  missing_shards: z.array(z.int()).describe("Shards that a merged result lacks."),
  totals: z.object({
    fixtures: count,
    verdicts: z.partialRecord(z.enum(VERDICTS), count),
    pass_rate: intervalSchema.nullable().describe("The fixtures of one incident are one cluster."),
    trials: count,
    cached_trials: count,
    cost_usd: usd.describe("What this run has spent."),
    cost_is_lower_bound: z.boolean(),
    unpriced_models: z.array(text),
    duration_ms: ms,
  }),
  stopped: z.enum(["superseded", "money", "ended"]).nullable().describe("Why the run ended early."),
  changes: z.array(z.object({ agent: text, type: z.enum(CHANGE_TYPES), path: text, key: text.nullable() })),
  everything_because: text.nullable(),
  fixtures: z.array(resultFixtureSchema),
  left_out: z.array(z.object({ id: text, path: text, because: text })),
  broken: z.array(
    z.object({ path: text, broken_by: z.enum(["head", "base"]), problems: z.array(problemSchema) }),
  ),
});

/** The result of a run as a file holds it. */
export type Result = z.output<typeof resultSchema>;
export type ResultFixture = z.output<typeof resultFixtureSchema>;
export type ResultSide = z.output<typeof sideSchema>;
export type ResultTrial = z.output<typeof trialSchema>;
export type ResultStep = z.output<typeof stepSchema>;
export type ResultAssertion = z.output<typeof assertionSchema>;
