import { z } from "zod";
import { agentAnswerSchema, agentRequestSchema } from "./agent/outside-contract.ts";
import { configSchema } from "./config/config.ts";
import { fixtureSchema } from "./fixture/fixture.ts";
import { resultSchema } from "./report/result-schema.ts";

/** Where the published JSON schemas lie, so that editors complete what people write. */
export const FIXTURE_SCHEMA_PATH = "evals/schema/fixture.schema.json";
export const CONFIG_SCHEMA_PATH = "evals/schema/config.schema.json";
export const RESULT_SCHEMA_PATH = "evals/schema/result.schema.json";

/** Where the published JSON schemas of what agents that run elsewhere are sent and answer lie. */
export const AGENT_REQUEST_SCHEMA_PATH = "evals/schema/agent-request.schema.json";
export const AGENT_ANSWER_SCHEMA_PATH = "evals/schema/agent-answer.schema.json";

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

/** Writes the JSON schema of the result of a run. */
export function resultJsonSchema(): string {
  return published(resultSchema, "The result of a run of incident-to-eval");
}

function published(schema: z.ZodType, title: string): string {
  const { $schema, ...body } = z.toJSONSchema(schema, { io: "input", target: "draft-7" });
  return `${JSON.stringify({ $schema, title, ...body }, null, 2)}\n`;
}
