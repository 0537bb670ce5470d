import { expect, test } from "@jest/globals";
import { sampleJson } from "../../../src/adapters/emulator/sample-json.ts";

test.each([
  { schema: { type: "string" }, sample: "" },
  { schema: { type: "string", minLength: 3 }, sample: "---" },
  { schema: { type: "string", format: "date" }, sample: "2026-01-01" },
  { schema: { type: "integer", minimum: 2 }, sample: 2 },
  { schema: { type: "boolean" }, sample: true },
  { schema: { type: ["string", "null"] }, sample: null },
  { schema: { anyOf: [{ type: "string" }, { type: "null" }] }, sample: null },
  { schema: { anyOf: [{ type: "array", items: {} }, { type: "string" }] }, sample: [] },
  { schema: { enum: ["pass", "fail"] }, sample: "pass" },
  { schema: { const: 7 }, sample: 7 },
  { schema: { type: "array", minItems: 1, items: { type: "boolean" } }, sample: [true] },
  {
    schema: {
      type: "object",
      properties: { verdict: { $ref: "#/$defs/verdict" }, note: { type: "string" } },
      required: ["verdict"],
      $defs: { verdict: { type: "object", properties: { met: { type: "boolean" } }, required: ["met"] } },
    },
    sample: { verdict: { met: true } },
  },
])("the emptiest value of $schema is $sample", ({ schema, sample }) => {
  expect(sampleJson(schema)).toEqual(sample);
});

test("a schema that refers to itself ends", () => {
  const schema = {
    $ref: "#/$defs/node",
    $defs: { node: { type: "object", properties: { next: { $ref: "#/$defs/node" } }, required: ["next"] } },
  };
  expect(JSON.stringify(sampleJson(schema))).toContain("null");
});
