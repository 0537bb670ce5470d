import { z } from "zod";
import { agentAnswerSchema, agentRequestSchema } from "./agent/outside-contract.ts";
import { toolAnswerSchema, toolCallSchema } from "./agent/tool-contract.ts";
import { calibrationFileSchema } from "./calibration/example.ts";
import { configSchema } from "./config/config.ts";
import { fixtureSchema } from "./fixture/fixture.ts";
import { resultSchema } from "./report/result-schema.ts";

/** Where the published JSON schemas lie, so that editors complete what people write. */
export const FIXTURE_SCHEMA_PATH = "evals/schema/fixture.schema.json";
export const CONFIG_SCHEMA_PATH = "evals/schema/config.schema.json";
export const RESULT_SCHEMA_PATH = "evals/schema/result.schema.json";

/** Where the published JSON schema of examples for the calibration of a judge lies. */
export const CALIBRATION_SCHEMA_PATH = "evals/schema/calibration.schema.json";

/** Where the published JSON schemas of what agents that run elsewhere are sent and answer lie. */
export const AGENT_REQUEST_SCHEMA_PATH = "evals/schema/agent-request.schema.json";
export const AGENT_ANSWER_SCHEMA_PATH = "evals/schema/agent-answer.schema.json";

/** Where the published JSON schemas of what a runner of real tools is sent and answers lie. */
export const TOOL_CALL_SCHEMA_PATH = "evals/schema/tool-call.schema.json";
export const TOOL_ANSWER_SCHEMA_PATH = "evals/schema/tool-answer.schema.json";

/** Writes the JSON schema of what a runner of real tools is sent. */
export function toolCallJsonSchema(): string {
  return published(toolCallSchema, "What incident-to-eval record sends to a runner of real tools");
}

/** Writes the JSON schema of what a runner of real tools answers. */
export function toolAnswerJsonSchema(): string {
  return published(toolAnswerSchema, "What a runner of real tools answers incident-to-eval record");
}

/** Writes the JSON schema of what agents that run elsewhere are sent. */
export function agentRequestJsonSchema(): string {
  return published(agentRequestSchema, "What incident-to-eval sends to an agent");
}

/** Writes the JSON schema of what agents that run elsewhere answer. */
export function agentAnswerJsonSchema(): string {
  return published(agentAnswerSchema, "What an agent answers incident-to-eval");
}

/** Writes the JSON schema of a fixture file. */
export function fixtureJsonSchema(): string {
  return published(fixtureSchema, "A fixture of incident-to-eval");
}

/** Writes the JSON schema of `.github/incident-to-eval.yml`. */
export function configJsonSchema(): string {
  return published(configSchema, "The configuration of incident-to-eval");
}

/** Writes the JSON schema of a file of examples that a judge is calibrated with. */
export function calibrationJsonSchema(): string {
  return published(calibrationFileSchema, "Labelled examples of incident-to-eval");
}

/** Writes the JSON schema of the result of a run. */
export function resultJsonSchema(): string {
  return published(resultSchema, "The result of a run of incident-to-eval");
}

function published(schema: z.ZodType, title: string): string {
  const { $schema, ...body } = z.toJSONSchema(schema, { io: "input", target: "draft-7" });
  return `${JSON.stringify({ $schema, title, ...body }, null, 2)}\n`;
}
