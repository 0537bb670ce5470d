import { RE2JS } from "re2js";
import { z } from "zod";
import { jsonObject, jsonValue } from "../../core/json.ts";
import { type Parsed, parsed } from "../../core/problem.ts";
import { readYaml } from "../../core/yaml.ts";

const RULES_MAX = 200;
const WORDS_MAX = 50;
const TEXT_LENGTH_MAX = 20_000;
const LATENCY_MS_MAX = 60_000;
const EVERY_MAX = 1_000;

const text = z.string().min(1).max(TEXT_LENGTH_MAX);
/** One text or several; of several, every one counts. */
const words = z.union([text.transform((one) => [one]), z.array(text).min(1).max(WORDS_MAX)]);
const pattern = z
  .string()
  .min(1)
  .max(1_000)
  .transform((source, context) => {
    try {
      return RE2JS.compile(source);
    } catch (cause) {
      const because = cause instanceof Error ? cause.message : "unknown fault";
      context.addIssue(`expected a regular expression in RE2 syntax: ${because}`);
      return z.NEVER;
    }
  });

const whenSchema = z.strictObject({
  system_contains: words.optional().describe("Every text is in the system prompt, whatever its case."),
  system_lacks: words.optional().describe("No text is in the system prompt."),
  system_matches: pattern.optional(),
  system_lacks_match: pattern.optional(),
  model: text.optional().describe("The request names exactly this model."),
  model_contains: text.optional(),
  last_user_contains: words
    .optional()
    .describe("In the last thing that the user wrote (tool results aside)."),
  any_user_contains: words.optional(),
  any_user_lacks: words.optional(),
  any_user_matches: pattern.optional(),
  any_user_lacks_match: pattern.optional(),
  has_tools: words.optional(),
  lacks_tools: words.optional(),
  called: words.optional().describe("The assistant has called every one of these tools."),
  not_called: words.optional().describe("The assistant has called none of these tools."),
  result_contains: words.optional().describe("In the tool results of the last message."),
  result_is: z
    .record(z.string(), jsonValue)
    .optional()
    .describe("`tool.path.to.value` in the latest result of that tool, read as JSON, equals the value."),
  structured: z.boolean().optional().describe("The request asks for JSON of a schema."),
  asks_for: words.optional().describe("The schema of the answer has these properties at its top."),
});
export type When = z.output<typeof whenSchema>;

const replySchema = z.union([
  z
    .strictObject({
      text: z.string().max(TEXT_LENGTH_MAX).optional(),
      tool_use: z
        .array(z.strictObject({ name: text, input: jsonObject.default({}) }))
        .min(1)
        .max(WORDS_MAX)
        .optional(),
    })
    .refine((reply) => reply.text !== undefined || reply.tool_use !== undefined, "expected text or tool_use"),
  z.strictObject({
    json: z
      .union([z.literal("from_schema"), jsonObject])
      .describe("The object itself, or `from_schema`: the emptiest object that the schema allows."),
    with: jsonObject.optional().describe("Members that replace those made from the schema."),
  }),
  z.strictObject({
    error: z.strictObject({
      status: z.int().min(400).max(599),
      type: text,
      message: text.default("the script answers with this error"),
    }),
  }),
]);
export type ScriptedReply = z.output<typeof replySchema>;

const ruleSchema = z.strictObject({
  name: text.optional(),
  when: whenSchema.prefault({}),
  every: z
    .int()
    .min(2)
    .max(EVERY_MAX)
    .optional()
    .describe(
      "Of the requests that the conditions fit, every n-th matches; the others go on to the next rule.",
    ),
  latency_ms: z.int().min(0).max(LATENCY_MS_MAX).optional(),
  reply: replySchema,
});
export type Rule = z.output<typeof ruleSchema>;

const scriptSchema = z.strictObject({ rules: z.array(ruleSchema).min(1).max(RULES_MAX) });
/** What a scripted model says: rules in order, of which the first that fits answers. */
export type Script = z.output<typeof scriptSchema>;
/** A script as a person writes it. */
export type WrittenScript = z.input<typeof scriptSchema>;

/** Reads a script from YAML, or names everything that is wrong with it, each with its line. */
export function parseScript(yaml: string): Parsed<Script> {
  const read = readYaml(yaml, scriptSchema);
  return read.kind === "parsed" ? parsed(read.value.value) : read;
}
