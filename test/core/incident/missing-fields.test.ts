import { describe, expect, test } from "@jest/globals";
import { missingFields } from "../../../src/core/incident/missing-fields.ts";
import type { Postmortem } from "../../../src/core/incident/postmortem.ts";
import { aPostmortem } from "../../build/postmortem.ts";

const NOTHING_EXPECTED: Partial<Postmortem> = {
  expected: undefined,
  must: [],
  mustNot: [],
  toolsRequired: [],
  toolsForbidden: [],
};
const NO_FAILURE: Partial<Postmortem> = { failureTypes: [], failureTags: [], severity: undefined, calls: [] };

test("a complete postmortem misses nothing", () => {
  expect(missingFields(aPostmortem(), ["refund", "travel"])).toEqual([]);
});

test.each<[string, Partial<Postmortem>, readonly string[]]>([
  ["what the user sent", { messages: [] }, ["user_input"]],
  ["anything expected", NOTHING_EXPECTED, ["expected"]],
  ["nothing where a forbidden tool is named", { ...NOTHING_EXPECTED, toolsForbidden: ["pay"] }, []],
  ["the agent", { agent: undefined }, ["agent"]],
  ["an agent that exists", { agent: "unknown" }, ["agent"]],
  ["the kind of failure and severity", NO_FAILURE, ["failure_types", "severity"]],
  [
    "the agent first, since what is expected of it may tell the kind",
    { ...NO_FAILURE, agent: undefined },
    ["agent"],
  ],
  ["nothing where the signal tells the kind", { ...NO_FAILURE, signal: "user_confusion" }, []],
  ["nothing where a forbidden tool was called", { ...NO_FAILURE, calls: aPostmortem().calls }, []],
  [
    "everything",
    { ...NOTHING_EXPECTED, ...NO_FAILURE, messages: [], agent: undefined },
    ["user_input", "expected", "agent", "failure_types", "severity"],
  ],
])("asks for %s", (_, overrides, fields) => {
  expect(missingFields(aPostmortem(overrides), ["refund", "travel"]).map(({ field }) => field)).toEqual(
    fields,
  );
});

describe("the agent", () => {
  test("is asked for with the names that the configuration has", () => {
    const [missing] = missingFields(aPostmortem({ agent: undefined }), ["refund", "travel"]);
    expect(missing).toEqual({
      field: "agent",
      label: "Agent",
      ask: "Name the agent: one of refund, travel.",
    });
  });

  test("is not asked for where there is only one", () => {
    expect(missingFields(aPostmortem({ agent: undefined }), ["refund"])).toEqual([]);
  });
});
