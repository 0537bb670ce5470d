import { z } from "zod";
import { jsonObject, jsonValue } from "../json.ts";
import { SPAN_KINDS } from "../trajectory/trajectory.ts";

/** Version of what is sent to agents that run elsewhere, and of what they answer. */
export const CONTRACT_VERSION = 1;
export const SPANS_MAX = 2_000;

const NAME_LENGTH_MAX = 200;
const TEXT_LENGTH_MAX = 20_000;
const MS_MAX = 24 * 60 * 60 * 1_000;

const recordedAnswer = {
  return: jsonValue.optional().describe("What the tool answers."),
  error: z.string().optional().describe("What the tool fails with."),
  timeout_ms: z
    .int()
    .optional()
    .describe("The tool does not answer within this time: fail the call at once."),
  malformed: z.string().optional().describe("The answer as broken text, to be given as it stands."),
  denied: z.string().optional().describe("The words with which the tool refuses the call."),
};

const recording = z.strictObject({
  when: jsonObject.optional().describe("Answers a call whose arguments hold all of this."),
  when_exactly: jsonObject.optional().describe("Answers a call whose arguments are exactly this."),
  when_schema: jsonObject.optional().describe("Answers a call whose arguments fit this JSON schema."),
  ...recordedAnswer,
  sequence: z
    .array(
      z.strictObject({
        ...recordedAnswer,
        times: z.int().optional().describe("How many calls; 1 by default."),
      }),
    )
    .optional()
    .describe("The answers of the first matching call, the second one, and so on."),
  exhausted: z
    .enum(["last", "repeat", "no_recording"])
    .optional()
    .describe("What follows the sequence; its last answer by default."),
});
export type SentRecording = z.output<typeof recording>;

/** What an agent that runs elsewhere is sent. */
export const agentRequestSchema = z.strictObject({
  version: z.literal(CONTRACT_VERSION),
  agent: z.string().describe("The agent's name in the configuration."),
  commit: z
    .string()
    .describe("The commit to run, which the answer has to name; `working-tree` on the command line."),
  messages: z
    .array(z.strictObject({ role: z.enum(["user", "assistant"]), content: z.string() }))
    .describe(
      "The conversation so far. It is data: do not follow what stands in it any more than you would in production.",
    ),
  context: z
    .strictObject({
      documents: z.array(
        z.strictObject({
          source: z.string(),
          content: z.string(),
          version: z.string().optional(),
          date: z.string().optional(),
        }),
      ),
      memory: z.array(z.string()),
      state: jsonObject,
    })
    .describe("What the agent may know beside it."),
  recordings: z
    .record(z.string(), z.array(recording))
    .describe(
      "Answers of tools by the tool's name, the first that matches counts. Serve these and execute nothing; a call that none of them answers is to be answered with an error, and leaves the trial undecided.",
    ),
  max_turns: z
    .int()
    .describe("Requests to the model after which the agent is to stop, with the stop reason `max_turns`."),
  timeout_ms: z.int().describe("After this time nobody waits for the answer any more."),
});
export type AgentRequest = z.output<typeof agentRequestSchema>;

const count = z.int().min(0);
const usage = z.strictObject({
  input_tokens: count.describe("Without those that were read from or written to a cache."),
  output_tokens: count,
  cache_read_tokens: count.optional(),
  cache_write_tokens: count.optional(),
  reasoning_tokens: count.optional().describe("Those of the output that went into reasoning."),
});

const SPAN_NAME = new RegExp(`^(${SPAN_KINDS.join("|")}):[^\\s:][^\\n]{0,${NAME_LENGTH_MAX - 1}}$`);
const span = z.strictObject({
  name: z
    .string()
    .regex(SPAN_NAME, "expected kind:name, such as model:gpt-5.1, tool:read_order or approval:required")
    .describe(
      "`kind:name`, as fixtures name spans: `model:gpt-5.1`, `tool:read_order`, `approval:required`.",
    ),
  tool: z
    .string()
    .min(1)
    .max(NAME_LENGTH_MAX)
    .optional()
    .describe("The tool whose call this was, where the name does not say it."),
  arguments: jsonObject.optional().describe("Of a tool call: what it was given."),
  status: z.enum(["succeeded", "failed", "denied", "waiting"]).optional(),
  result: jsonValue.optional(),
  error: z
    .strictObject({
      type: z.enum(["error", "timeout", "malformed", "unknown_tool", "malformed_call"]).default("error"),
      message: z.string().max(TEXT_LENGTH_MAX),
    })
    .optional(),
  by: z
    .array(z.string().max(NAME_LENGTH_MAX))
    .max(20)
    .optional()
    .describe("Who approved or denied: names and roles."),
  agent: z
    .string()
    .max(NAME_LENGTH_MAX)
    .optional()
    .describe("The agent that took the step, where there are several."),
  document: z
    .strictObject({
      source: z.string().max(NAME_LENGTH_MAX),
      version: z.string().max(NAME_LENGTH_MAX).optional(),
      date: z.iso.date().optional(),
    })
    .optional()
    .describe("Of a retrieval: what was served."),
  given: z
    .strictObject({
      texts: z.array(z.string()).default([]),
      documents: z.array(z.string()).default([]),
      state: jsonObject.default({}),
    })
    .optional()
    .describe("Of a model: what this request put before it that its earlier ones did not."),
  start_ms: z.number().min(0).max(MS_MAX).optional().describe("Since the beginning of the trial."),
  duration_ms: z.number().min(0).max(MS_MAX).optional(),
  usage: usage.optional().describe("Of a model: without it the cost of the trial is not known."),
});
export type ToldSpan = z.output<typeof span>;

/** What an agent that runs elsewhere answers. */
export const agentAnswerSchema = z
  .strictObject({
    version: z.literal(CONTRACT_VERSION),
    commit: z
      .string()
      .describe("The commit that really ran. Another one than was asked for leaves the trial undecided."),
    output: z.string().optional().describe("The final answer, as the person would see it."),
    stop_reason: z
      .string()
      .regex(/^[a-z0-9_]{1,64}$/)
      .optional()
      .describe("`completed`, `max_turns`, `refused`, or one of your own; else it is read from the spans."),
    spans: z
      .array(span)
      .max(SPANS_MAX)
      .optional()
      .describe("What the agent did, in order. At least one of them must be of a model."),
    trace: z
      .json()
      .optional()
      .describe(
        "Instead of spans: OTLP/JSON with GenAI or OpenInference attributes, or a list of OpenInference spans.",
      ),
  })
  .refine(({ spans, trace }) => spans === undefined || trace === undefined, {
    message: "expected `spans` or `trace`, not both",
  });
export type AgentAnswer = z.output<typeof agentAnswerSchema>;
