import { z } from "zod";
import { configSchema } from "./config/config.ts";
import { fixtureSchema } from "./fixture/fixture.ts";
import { resultSchema } from "./report/result-schema.ts";

/** Where the published JSON schemas lie, so that editors complete what people write. */
export const FIXTURE_SCHEMA_PATH = "evals/schema/fixture.schema.json";
export const CONFIG_SCHEMA_PATH = "evals/schema/config.schema.json";
export const RESULT_SCHEMA_PATH = "evals/schema/result.schema.json";

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
