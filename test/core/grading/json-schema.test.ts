import { expect, test } from "@jest/globals";
import { jsonSchema } from "../../../src/core/grading/json-schema.ts";
import type { JsonObject } from "../../../src/core/json.ts";
import { compileJsonSchema } from "../../../src/core/json-schema.ts";
import { aFixture } from "../../build/fixtures.ts";
import { NO_JUDGE } from "../../build/models.ts";
import { aTrajectory } from "../../build/reports.ts";

const REFUND = {
  type: "object",
  properties: { amount: { type: "number" }, id: { type: "string", pattern: "^ord_[a-z]+$" } },
  required: ["amount"],
};

async function grade(schema: JsonObject, output: string) {
  const evidence = {
    trajectory: aTrajectory([], { output }),
    fixture: aFixture(),
    costUsd: 0,
    askJudge: NO_JUDGE,
  };
  return await jsonSchema(schema)(evidence);
}

test.each([
  { output: '{"amount": 3, "id": "ord_x"}', because: "the answer is JSON that fits the schema" },
  { output: '{"amount": "3"}', because: "the answer does not fit the schema: /amount must be number" },
  {
    output: '{"amount": 3, "id": "x"}',
    because: 'the answer does not fit the schema: /id must match pattern "^ord_[a-z]+$"',
  },
  {
    output: "{}",
    because: "the answer does not fit the schema: it must have required property 'amount'",
  },
  { output: '{"amount": 3', because: "the answer does not fit the schema: it is not JSON" },
  { output: "", because: "the answer does not fit the schema: it is not JSON" },
])("$output: $because", async ({ output, because }) => {
  expect((await grade(REFUND, output)).because).toBe(because);
});

test("a schema may be written for 2020-12, and unknown words in it are no mistake", async () => {
  const schema = {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    type: "array",
    prefixItems: [{ type: "string", format: "house-format" }],
    "x-note": "ours",
  };
  expect((await grade(schema, '["a"]')).kind).toBe("pass");
  expect((await grade(schema, "[1]")).kind).toBe("fail");
});

let deep: JsonObject = { type: "object" };
for (let level = 0; level < 40; level += 1) deep = { properties: { a: deep } };

test.each([
  { name: "an unknown type", schema: { type: "strnig" } },
  { name: "a reference to elsewhere", schema: { $ref: "https://example.com/schema.json" } },
  { name: "a pattern that could run for years", schema: { type: "string", pattern: "(?=a)b" } },
  { name: "too many levels", schema: deep },
  { name: "too many characters", schema: { description: "x".repeat(60_000) } },
])("a schema with $name is refused", ({ schema }) => {
  expect(compileJsonSchema(schema).kind).toBe("unusable");
});

test("a schema that refers to itself without end fails and does not hang", async () => {
  expect((await grade({ allOf: [{ $ref: "#" }] }, "{}")).kind).toBe("fail");
});

test("a schema may refer to itself, as trees do", async () => {
  const tree = { type: "object", properties: { children: { type: "array", items: { $ref: "#" } } } };
  expect((await grade(tree, '{"children":[{"children":[]}]}')).kind).toBe("pass");
  expect((await grade(tree, '{"children":[{"children":3}]}')).kind).toBe("fail");
});

test("a schema that calls itself like the schema language harms no other", async () => {
  compileJsonSchema({ $id: "http://json-schema.org/draft-07/schema", type: "string" });
  expect((await grade(REFUND, '{"amount": 3}')).kind).toBe("pass");
});

test("two schemas of the same id do not get into each other's way", async () => {
  const id = "https://example.com/a.json";
  expect((await grade({ $id: id, type: "string" }, '"a"')).kind).toBe("pass");
  expect((await grade({ $id: id, type: "number" }, '"a"')).kind).toBe("fail");
});

test("a catastrophic pattern is matched in linear time", async () => {
  const schema = { type: "string", pattern: "^(a+)+$" };
  expect((await grade(schema, JSON.stringify(`${"a".repeat(20_000)}!`))).kind).toBe("fail");
});
