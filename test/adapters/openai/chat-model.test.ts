import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import nock from "nock";
import { createCompletionModel } from "../../../src/adapters/openai/chat-model.ts";
import type { ChatRequest, Part } from "../../../src/core/agent/chat.ts";
import type { JsonObject } from "../../../src/core/json.ts";
import { ExternalFailure } from "../../../src/ports/external-failure.ts";

const PROVIDER = "https://models.acme.test";
const PATH = "/v1/chat/completions";
const KEY = "sk-secret-key-of-the-app";
const REQUEST: ChatRequest = {
  provider: "openai",
  model: "gpt-5.1",
  parameters: { temperature: 0.2, reasoning_effort: "low", something_new: { a: 1 }, stream_options: {} },
  system: ["You refund orders.", "# State\n{}"],
  turns: [{ role: "user", parts: [{ kind: "text", text: "Refund this." }] }],
  tools: [
    { name: "read_order", description: "Reads.", input_schema: { type: "object" }, strict: true },
    { name: "issue_refund", input_schema: { type: "object" }, cache_control: { type: "ephemeral" } },
  ],
};
const USAGE = {
  prompt_tokens: 100,
  completion_tokens: 30,
  total_tokens: 130,
  prompt_tokens_details: { cached_tokens: 60 },
  completion_tokens_details: { reasoning_tokens: 20 },
};

const aCompletion = (message: object, more: object = {}) => ({
  id: "chatcmpl-1",
  object: "chat.completion",
  model: "gpt-5.1-2026-08-01",
  choices: [{ index: 0, message: { role: "assistant", content: null, ...message }, finish_reason: "stop" }],
  usage: USAGE,
  ...more,
});
const aCall = (name: string, written: unknown, id: string | null = `call_${name}`) => ({
  id,
  type: "function",
  function: { name, arguments: written },
});
const anError = (message: string, code: string | null = null) => ({
  error: { message, type: "invalid_request_error", param: null, code },
});

const ask = async (request: ChatRequest = REQUEST) =>
  await createCompletionModel({ apiKey: KEY, baseURL: `${PROVIDER}/v1` }).ask(
    request,
    new AbortController().signal,
  );

/** Answers the next request, and gives what was sent with it. */
function answering(completion: object): JsonObject[] {
  const sent: JsonObject[] = [];
  nock(PROVIDER)
    .post(PATH, (body: JsonObject) => sent.push(body) > 0)
    .matchHeader("authorization", `Bearer ${KEY}`)
    .reply(200, completion);
  return sent;
}

async function failureOf(asking: Promise<unknown>): Promise<ExternalFailure> {
  const outcome = await asking.catch((error: unknown) => error);
  if (outcome instanceof ExternalFailure) return outcome;
  throw new Error(`expected an ExternalFailure, got ${String(outcome)}`);
}

beforeEach(() => {
  nock.cleanAll();
});
afterEach(() => {
  expect(nock.pendingMocks()).toEqual([]);
});

test("a request carries the agent's parameters as they stand, its tools in the words of this API, and one system message", async () => {
  const sent = answering(aCompletion({ content: "Hello." }));
  const answer = await ask();
  expect(sent).toEqual([
    {
      model: "gpt-5.1",
      temperature: 0.2,
      reasoning_effort: "low",
      something_new: { a: 1 },
      messages: [
        { role: "system", content: "You refund orders.\n\n# State\n{}" },
        { role: "user", content: "Refund this." },
      ],
      tools: [
        {
          type: "function",
          function: {
            name: "read_order",
            description: "Reads.",
            parameters: { type: "object" },
            strict: true,
          },
        },
        { type: "function", function: { name: "issue_refund", parameters: { type: "object" } } },
      ],
      stream: false,
    },
  ]);
  expect(answer).toEqual({
    parts: [{ kind: "text", text: "Hello." }],
    stop: "end",
    usage: {
      inputTokens: 40,
      outputTokens: 30,
      cacheReadTokens: 60,
      cacheWriteTokens: 0,
      reasoningTokens: 20,
    },
    durationMs: expect.any(Number),
  });
});

test.each([
  {
    name: "one that is closed is asked for to the letter",
    schema: {
      type: "object",
      properties: { a: { type: "string" } },
      required: ["a"],
      additionalProperties: false,
    },
    strict: true,
  },
  {
    name: "one with members that may lack is not",
    schema: { type: "object", properties: { a: {} } },
    strict: false,
  },
])("a schema of the answer: $name", async ({ schema, strict }) => {
  const sent = answering(aCompletion({ content: "{}" }));
  await ask({ ...REQUEST, parameters: {}, answerTokensMax: 500, outputSchema: schema });
  expect(sent[0]).toMatchObject({
    max_completion_tokens: 500,
    response_format: { type: "json_schema", json_schema: { name: "answer", schema, strict } },
  });
});

test("parallel calls come back with their reasoning, and go out again with their results as they came", async () => {
  const calls = [aCall("read_order", '{"order_id":"o1"}'), aCall("issue_refund", '{"amount":', "call_b")];
  answering(aCompletion({ content: "Let me see.", reasoning_content: "Look first.", tool_calls: calls }));
  const answer = await ask();
  expect(answer.stop).toBe("tool_use");
  expect(answer.parts).toEqual([
    { kind: "text", text: "Let me see." },
    { kind: "provider", block: { type: "openai_message_fields", reasoning_content: "Look first." } },
    { kind: "tool_call", id: "call_read_order", tool: "read_order", arguments: { order_id: "o1" } },
    { kind: "tool_call", id: "call_b", tool: "issue_refund", arguments: {}, malformed: '{"amount":' },
  ]);

  const results: Part[] = [
    { kind: "tool_result", id: "call_read_order", content: '{"total":5}', isError: false },
    { kind: "tool_result", id: "call_b", content: "no JSON", isError: true },
  ];
  const thinking: Part = { kind: "provider", block: { type: "thinking", signature: "of another provider" } };
  const sent = answering(aCompletion({ content: "Done." }));
  await ask({
    ...REQUEST,
    system: [],
    turns: [
      ...REQUEST.turns,
      { role: "assistant", parts: [thinking, ...answer.parts] },
      { role: "user", parts: results },
    ],
  });
  expect(sent[0]?.messages).toEqual([
    { role: "user", content: "Refund this." },
    { role: "assistant", content: "Let me see.", reasoning_content: "Look first.", tool_calls: calls },
    { role: "tool", tool_call_id: "call_read_order", content: '{"total":5}' },
    { role: "tool", tool_call_id: "call_b", content: '{"error":"no JSON"}' },
  ]);
});

test.each([
  { written: "", read: { arguments: {} } },
  { written: null, read: { arguments: {} } },
  { written: { a: 1 }, read: { arguments: { a: 1 } } },
  { written: "[1,2]", read: { arguments: {}, malformed: "[1,2]" } },
  { written: '"text"', read: { arguments: {}, malformed: '"text"' } },
  { written: "{'a': 1}", read: { arguments: {}, malformed: "{'a': 1}" } },
])("arguments written as $written are read as $read", async ({ written, read }) => {
  answering(aCompletion({ tool_calls: [aCall("a", written, null)] }));
  expect((await ask()).parts).toEqual([{ kind: "tool_call", id: "call_1", tool: "a", ...read }]);
});

test.each([
  { finish_reason: "length", message: { content: "cut" }, stop: "max_tokens" },
  { finish_reason: "content_filter", message: { content: "" }, stop: "refusal" },
  { finish_reason: "stop", message: { refusal: "I will not." }, stop: "refusal" },
  { finish_reason: "tool_calls", message: { tool_calls: [aCall("a", "{}")] }, stop: "tool_use" },
  { finish_reason: "stop", message: { content: [{ type: "text", text: "Hi" }] }, stop: "end" },
  { finish_reason: null, message: { content: "Hi" }, stop: "other" },
])("an answer that ends with $finish_reason stops as $stop", async ({ finish_reason, message, stop }) => {
  answering(
    aCompletion({}, { choices: [{ index: 0, message: { role: "assistant", ...message }, finish_reason }] }),
  );
  expect((await ask()).stop).toBe(stop);
});

describe("a provider that fails", () => {
  test.each([429, 500, 503])("for a moment with %i is asked again", async (status) => {
    nock(PROVIDER).post(PATH).reply(status, anError("Later."), { "retry-after-ms": "5" });
    answering(aCompletion({ content: "Hello." }));
    expect((await ask()).parts).toHaveLength(1);
  });

  test.each([
    { status: 400, code: null, advice: "look at the agent's model, parameters and tools" },
    { status: 401, code: "invalid_api_key", advice: "set another `OPENAI_API_KEY`" },
    { status: 404, code: "model_not_found", advice: "there is no such model" },
    { status: 429, code: "insufficient_quota", advice: "has no credit" },
  ])("for good with $status ($code) is said at once, and never the key", async ({ status, code, advice }) => {
    const leak = status === 401 ? ` ${KEY}` : "";
    nock(PROVIDER)
      .post(PATH)
      .reply(status, anError(`Not like that.${leak}`, code));
    const failure = await failureOf(ask());
    expect(failure).toMatchObject({ system: "openai", retryable: false, status });
    expect(failure.message).toContain(advice);
    expect(failure.message).toContain("gpt-5.1");
    expect(failure.message).not.toContain(KEY);
    expect(failure.message.includes("Not like that.")).toBe(status !== 401);
  });

  test.each([
    { name: "no choices", body: { ...aCompletion({}), choices: [] } },
    { name: "no usage", body: { ...aCompletion({ content: "Hi" }), usage: null } },
    { name: "another JSON", body: { ok: true } },
    { name: "a page", body: "<html>proxy</html>" },
    { name: "an answer that breaks off", body: '{"choices":[{"mess' },
  ])("by answering with $name gave no answer", async ({ body }) => {
    nock(PROVIDER).post(PATH).reply(200, body, { "content-type": "application/json" });
    expect(await failureOf(ask())).toMatchObject({ system: "openai", retryable: false });
  });

  test("by bytes that are no UTF-8 is not taken at its word", async () => {
    const bytes = Buffer.concat([Buffer.from('{"choices":['), Buffer.from([0xff, 0xfe]), Buffer.from("]}")]);
    nock(PROVIDER).post(PATH).reply(200, bytes, { "content-type": "application/json" });
    expect(await failureOf(ask())).toMatchObject({ system: "openai", retryable: false });
  });
});
