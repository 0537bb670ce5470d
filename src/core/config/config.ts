import { z } from "zod";
import { PROVIDERS } from "../agent/named-model.ts";
import { jsonObject } from "../json.ts";
import { SPAN_KINDS } from "../trajectory/trajectory.ts";

const GLOBS_MAX = 50;
const OVERRIDE_DAYS_MAX = 90;
const GLOB_LENGTH_MAX = 200;

const TIMEOUT_MS_DEFAULT = 120_000;
const TIMEOUT_MS_MAX = 900_000;
const ENDPOINT_LENGTH_MAX = 500;
const ARGUMENTS_MAX = 50;
const ARGUMENT_LENGTH_MAX = 1_000;

const glob = z.string().min(1).max(GLOB_LENGTH_MAX);
const globs = z.array(glob).max(GLOBS_MAX);
const name = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, "expected letters, digits, _ and -, at most 64");

const ALLOWED_MAX = 100;
const ALLOWED_LENGTH_MAX = 200;

const allowedValue = z.union([
  z.string().min(1).max(ALLOWED_LENGTH_MAX),
  z.strictObject({
    pattern: z
      .string()
      .min(1)
      .max(ALLOWED_LENGTH_MAX)
      .describe("Matches the whole of a value, in RE2 syntax; secrets stand by their exact letters only."),
  }),
]);
/** What redaction lets stand: a value in its exact letters, or a pattern over whole values of personal data. */
export type AllowedValue = z.output<typeof allowedValue>;

/** Kinds of agents that a suite can run: two that are replayed from their files, and two that run elsewhere. */
export const TARGETS = [...PROVIDERS, "http", "command"] as const;

const watched = z.union([
  glob,
  z.strictObject({ file: glob, keys: z.array(z.string().min(1).max(200)).min(1).max(GLOBS_MAX) }),
]);
/** A place whose change counts: a glob, or keys inside a YAML, JSON or TOML file. */
export type Watched = z.output<typeof watched>;

const changesSchema = z.strictObject({
  prompt: z.array(watched).max(GLOBS_MAX).default([]),
  tools: z.array(watched).max(GLOBS_MAX).default([]),
  policy: z.array(watched).max(GLOBS_MAX).default([]),
  model: z.array(watched).max(GLOBS_MAX).default([]),
  retrieval: z.array(watched).max(GLOBS_MAX).default([]),
  memory: z.array(watched).max(GLOBS_MAX).default([]),
  topology: z.array(watched).max(GLOBS_MAX).default([]),
});

const spanRuleSchema = z.strictObject({
  as: z
    .string()
    .regex(
      /^(tool|retrieval|policy|approval|workflow|message|memory):[A-Za-z0-9_.-]{1,80}$/,
      "expected kind:name, such as approval:required",
    )
    .describe("The span that a call of this tool means."),
  stop: z
    .string()
    .regex(/^[a-z0-9_]{1,64}$/)
    .optional()
    .describe("Stop reason, where this call ends the run."),
});

/** What every agent may say, wherever it runs. */
const commonShape = {
  tools: glob
    .optional()
    .describe("A file with an array of tool definitions, as the Messages API or chat completions take them."),
  spans: z.record(name, spanRuleSchema).default({}),
  max_turns: z.int().min(1).max(100).default(12),
  changes: changesSchema.prefault({}),
};

const declarativeSchema = z.strictObject({
  target: z
    .enum(PROVIDERS)
    .describe("The agent is replayed from its files, on a model of this provider; none of its code runs."),
  model: z.union([
    z.string().min(1).max(200),
    z.strictObject({ file: glob, key: z.string().default("model"), parameters: z.string().optional() }),
  ]),
  parameters: jsonObject
    .optional()
    .describe("Passed on as they stand, where the model is named here and not in a file."),
  system: globs.min(1),
  memory: globs.default([]),
  retrieval: z.strictObject({ tool: name, documents: globs.min(1) }).optional(),
  handoffs: z.record(name, name).default({}),
  ...commonShape,
});

/** What an agent that runs elsewhere says beside what every agent does. */
const outsideShape = {
  timeout_ms: z
    .int()
    .min(1_000)
    .max(TIMEOUT_MS_MAX)
    .default(TIMEOUT_MS_DEFAULT)
    .describe("Time for one trial, from the request to the whole answer."),
  delivers: z
    .array(z.enum(SPAN_KINDS))
    .max(SPAN_KINDS.length)
    .default([])
    .describe("Kinds of spans that its traces show, beside model, tool and those under `spans`."),
  ...commonShape,
};

const httpSchema = z.strictObject({
  target: z
    .literal("http")
    .describe("The case is sent to an address, which answers with what the agent did."),
  endpoint: z
    .string()
    .max(ENDPOINT_LENGTH_MAX)
    .describe(
      "Address that takes the case by POST; read from the default branch. `{sha}` stands for the commit.",
    ),
  ...outsideShape,
});

const commandSchema = z.strictObject({
  target: z
    .literal("command")
    .describe("The case is given to a program on its input; only on the command line and in your own CI."),
  command: z
    .array(z.string().min(1).max(ARGUMENT_LENGTH_MAX))
    .min(1)
    .max(ARGUMENTS_MAX)
    .describe("The program and its arguments, run in the top folder of the checkout, without a shell."),
  environment: z
    .array(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,99}$/, "expected names of environment variables"))
    .max(ARGUMENTS_MAX)
    .default([])
    .describe(
      "Variables that the program gets beside PATH, HOME and the language; all others are kept from it.",
    ),
  ...outsideShape,
});

// Not told apart by `target` alone: a misspelt one would hide every other mistake of the entry.
const agentSchema = z.union([declarativeSchema, httpSchema, commandSchema]);
/** One agent as its repository declares it. */
export type AgentConfig = z.output<typeof agentSchema>;
/** An agent that is replayed from its files. */
export type DeclarativeConfig = z.output<typeof declarativeSchema>;
export type SpanRule = z.output<typeof spanRuleSchema>;

/** Tells agents that are replayed from their files from those that run elsewhere. */
export function isDeclared(agent: AgentConfig): agent is DeclarativeConfig {
  return agent.target !== "http" && agent.target !== "command";
}

const count = z.int().min(1).max(100);

const gateSchema = z.strictObject({
  bases: z
    .array(z.string().min(1).max(200))
    .max(GLOBS_MAX)
    .default([])
    .describe("Branches whose pull requests are gated against their own tip; the default branch always is."),
  trials: z
    .strictObject({
      pull_request: count.default(5),
      release: count.default(10),
      reproduce: count.default(10),
    })
    .prefault({}),
  max_cost_usd: z.number().positive().default(5),
  prices: z
    .record(
      z.string(),
      z.strictObject({
        input: z.number().min(0),
        output: z.number().min(0),
        cache_read: z
          .number()
          .min(0)
          .optional()
          .describe("Of a token that the provider read from its cache; a tenth of `input` by default."),
      }),
    )
    .default({})
    .describe("USD per million tokens, for models that are not in the built-in table."),
  thresholds: z.strictObject({ suite: z.number().gt(0).max(1).default(0.95) }).prefault({}),
  warning: z.enum(["neutral", "require_override"]).default("neutral"),
  compare: z
    .strictObject({ cost: z.number().positive().optional(), latency: z.number().positive().optional() })
    .prefault({}),
  drafts: z.boolean().default(false),
  unscoped: z.enum(["skip", "fast", "all"]).default("skip"),
});

const JUDGES_MAX = 5;
const SAMPLES_MAX = 9;
const modelName = z.string().min(1).max(200);

const judgeSchema = z.strictObject({
  model: modelName.optional(),
  models: z
    .array(modelName)
    .min(2)
    .max(JUDGES_MAX)
    .refine((models) => new Set(models).size === models.length, "expected different models")
    .optional()
    .describe("Several judges in place of `model`; where they do not agree by `rule`, nothing is decided."),
  rule: z
    .enum(["majority", "all"])
    .default("majority")
    .describe("What several judges, or several samples of one, have to agree by; a tie decides nothing."),
  samples: z
    .int()
    .min(1)
    .max(SAMPLES_MAX)
    .default(1)
    .describe("How often each judge is asked about one answer; each time is paid."),
  calibration: glob.optional(),
});

/** The shape of `.github/incident-to-eval.yml`. */
export const configSchema = z.strictObject({
  version: z.literal(1),
  owner: z.string().min(1).max(200).optional().describe("The one accountable team for the loop."),
  incidents: z
    .strictObject({
      label: z.string().min(1).max(50).default("incident"),
      redaction: z
        .strictObject({
          allow: z
            .array(allowedValue)
            .max(ALLOWED_MAX)
            .default([])
            .describe("What is nobody's: test accounts, your own support address."),
        })
        .prefault({}),
    })
    .prefault({}),
  agents: z
    .record(name, agentSchema)
    .refine((agents) => Object.keys(agents).length > 0, "expected at least one agent"),
  judge: judgeSchema.prefault({}),
  gate: gateSchema.prefault({}),
  override: z
    .strictObject({
      warning: z.union([z.string(), z.array(z.string()).max(GLOBS_MAX)]).default("write"),
      blocking: z.union([z.string(), z.array(z.string()).max(GLOBS_MAX)]).default([]),
      own_pull_request: z
        .boolean()
        .default(false)
        .describe("Whether somebody may override the checks of a pull request that they opened themselves."),
      days: z
        .int()
        .min(1)
        .max(OVERRIDE_DAYS_MAX)
        .default(7)
        .describe("Days after which an override ends, where no push ended it before."),
    })
    .prefault({}),
});

/** The configuration with every default filled in. */
export type Config = z.output<typeof configSchema>;

/** Who judges, and how several of them agree. */
export type JudgeConfig = Config["judge"];

/** Where the configuration lies in a repository. */
export const CONFIG_PATH = ".github/incident-to-eval.yml";
