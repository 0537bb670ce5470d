import { expect, test } from "@jest/globals";
import { redactPostmortem } from "../../../src/core/incident/redact-postmortem.ts";
import { aPostmortem, fieldsOf } from "../../build/postmortem.ts";

const SECRET = "hunter22";

async function redact(texts: readonly string[]) {
  return { texts: texts.map((text) => text.replaceAll(SECRET, "[secret-1]")), counts: { secret: 99 } };
}

test("every text goes through one call, and nothing of a secret is left", async () => {
  let calls = 0;
  const leaky = aPostmortem({
    title: `t ${SECRET}`,
    author: "ana",
    messages: [{ role: "user", content: SECRET }],
    must: [SECRET],
    mustNot: [SECRET],
    calls: [
      { tool: "login", arguments: { deep: [{ password: SECRET }] }, result: [SECRET], error: SECRET },
      { tool: SECRET, arguments: { [SECRET]: 1 }, result: { [SECRET]: 1 } },
    ],
    toolsRequired: [SECRET],
    toolsForbidden: [SECRET],
    failureTags: [SECRET],
    documents: [{ source: SECRET, content: SECRET }],
    memory: [SECRET],
    state: { nested: { key: SECRET } },
    trace: {
      spans: [
        {
          id: SECRET,
          kind: "tool",
          name: `tool:${SECRET}`,
          status: "succeeded",
          call: { tool: SECRET, arguments: { a: SECRET } },
          result: SECRET,
          error: { type: "error", message: SECRET },
          startMs: 0,
          durationMs: 0,
        },
      ],
      stopReason: SECRET,
      output: SECRET,
      usage: { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 },
      turns: 1,
      latencyMs: 0,
      gaps: [],
    },
    owner: SECRET,
    fields: fieldsOf({ observed: SECRET }),
    rest: SECRET,
  });
  const problems = [{ at: "Severity", expected: "S1", got: SECRET }];
  const { postmortem, ...rest } = await redactPostmortem({ postmortem: leaky, problems }, async (texts) => {
    calls += 1;
    return redact(texts);
  });
  expect(calls).toBe(1);
  expect(JSON.stringify([postmortem, rest])).not.toContain(SECRET);
  expect(rest.problems).toEqual([{ at: "Severity", expected: "S1", got: "[secret-1]" }]);
  expect(postmortem.state).toEqual({ nested: { key: "[secret-1]" } });
  expect(postmortem.author).toBe("ana");
});

test("places are counted in the issue as it was written, not in what was read out of it", async () => {
  const once = aPostmortem({
    observed: SECRET,
    rest: "",
    fields: fieldsOf({ observed: `It said ${SECRET}` }),
  });
  expect((await redactPostmortem({ postmortem: once, problems: [] }, redact)).counts).toEqual({ secret: 1 });
});

test("a number as long as a card's is looked at, a short one is not", async () => {
  const given = aPostmortem({ state: { card: 4111111111111111, total: 480 } });
  const { postmortem } = await redactPostmortem({ postmortem: given, problems: [] }, async (texts) => ({
    texts: texts.map((text) => text.replace("4111111111111111", "[card-1]")),
    counts: {},
  }));
  expect(postmortem.state).toEqual({ card: "[card-1]", total: 480 });
});
