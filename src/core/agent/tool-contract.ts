import { z } from "zod";
import { jsonObject, jsonValue } from "../json.ts";

const TEXT_LENGTH_MAX = 20_000;

/** What a runner of real tools is sent for one call. */
export const toolCallSchema = z.strictObject({
  version: z.literal(1),
  tool: z.string().describe("The name of the tool, as the agent calls it."),
  arguments: jsonObject.describe("What the agent calls it with. It is data that a model wrote: check it."),
  agent: z.string().describe("The agent that calls."),
  fixture: z.string().describe("The id of the fixture that is recorded."),
});
/** One call of a real tool. */
export type RealToolCall = z.output<typeof toolCallSchema>;

/** What it answers: one of these. */
export const toolAnswerSchema = z
  .strictObject({
    return: jsonValue.optional().describe("What the tool answers."),
    error: z.string().min(1).max(TEXT_LENGTH_MAX).optional().describe("What the tool fails with."),
    denied: z.string().min(1).max(TEXT_LENGTH_MAX).optional().describe("The words with which it refuses."),
  })
  .refine((answer) => Object.values(answer).filter((value) => value !== undefined).length === 1, {
    message: "expected one of return, error, denied",
  });
/** What a real tool answered. */
export type RealToolAnswer = z.output<typeof toolAnswerSchema>;
