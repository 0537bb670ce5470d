import { expect, test } from "@jest/globals";
import { Ajv } from "ajv";
import {
  AGENT_ANSWER_SCHEMA_PATH,
  AGENT_REQUEST_SCHEMA_PATH,
  agentAnswerJsonSchema,
  agentRequestJsonSchema,
  CALIBRATION_SCHEMA_PATH,
  CONFIG_SCHEMA_PATH,
  calibrationJsonSchema,
  configJsonSchema,
  FIXTURE_SCHEMA_PATH,
  fixtureJsonSchema,
  RESULT_SCHEMA_PATH,
  resultJsonSchema,
  TOOL_ANSWER_SCHEMA_PATH,
  TOOL_CALL_SCHEMA_PATH,
  toolAnswerJsonSchema,
  toolCallJsonSchema,
} from "../../src/core/published-schema.ts";
import { aWrittenFixture } from "../build/fixtures.ts";
import { expectFile } from "../build/golden.ts";

test("the published schema of fixtures is current", () => {
  expectFile(FIXTURE_SCHEMA_PATH, fixtureJsonSchema());
});

test("the published schema of the configuration is current", () => {
  expectFile(CONFIG_SCHEMA_PATH, configJsonSchema());
});

test("the published schemas of what agents that run elsewhere are sent and answer are current", () => {
  expectFile(AGENT_REQUEST_SCHEMA_PATH, agentRequestJsonSchema());
  expectFile(AGENT_ANSWER_SCHEMA_PATH, agentAnswerJsonSchema());
});

test("the published schemas of what a runner of real tools is sent and answers are current", () => {
  expectFile(TOOL_CALL_SCHEMA_PATH, toolCallJsonSchema());
  expectFile(TOOL_ANSWER_SCHEMA_PATH, toolAnswerJsonSchema());
});

test("the published schema of examples for the calibration of a judge is current", () => {
  expectFile(CALIBRATION_SCHEMA_PATH, calibrationJsonSchema());
});

test("the published schema of results is current", () => {
  expectFile(RESULT_SCHEMA_PATH, resultJsonSchema());
});

test("an editor accepts a good fixture and refuses an unknown key", () => {
  const accepts = new Ajv({ strict: false, validateFormats: false }).compile(JSON.parse(fixtureJsonSchema()));
  expect(accepts(aWrittenFixture())).toBe(true);
  expect(accepts({ ...aWrittenFixture(), agnet: "refund" })).toBe(false);
});
