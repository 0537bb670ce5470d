import { mock } from "node:test";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import nock from "nock";
import { createChatModel } from "../../../src/adapters/anthropic/chat-model.ts";
import type { ChatRequest } from "../../../src/core/agent/chat.ts";
import { ExternalFailure } from "../../../src/ports/external-failure.ts";

const PROVIDER = "https://api.anthropic.com";
const KEY = "sk-ant-secret-key-of-the-app";
const REQUEST: ChatRequest = {
  provider: "anthropic",
  model: "claude-sonnet-5-5",
  parameters: { max_tokens: 1_000, temperature: 0.2, output_config: { effort: "low" } },
  system: ["You refund orders.", "# State\n{}"],
  turns: [{ role: "user", parts: [{ kind: "text", text: "Refund this." }] }],
  tools: [
    { name: "read_order", input_schema: { type: "object" }, strict: true },
    { name: "issue_refund", input_schema: { type: "object" } },
  ],
};

const aMessage = (change: object = {}) => ({
  id: "msg_1",
  type: "message",
  role: "assistant",
  model: "claude-sonnet-5-5",
  content: [{ type: "text", text: "Hello." }],
  stop_reason: "end_turn",
  stop_sequence: null,
  usage: {
    input_tokens: 10,
    output_tokens: 5,
    cache_read_input_tokens: 7,
    cache_creation_input_tokens: null,
  },
  ...change,
});
const anError = (type: string, message: string) => ({ type: "error", error: { type, message } });

const ask = async (request: ChatRequest = REQUEST, signal = new AbortController().signal) =>
  await createChatModel({ apiKey: KEY, baseURL: PROVIDER }).ask(request, signal);

async function failureOf(answering: Promise<unknown>): Promise<ExternalFailure> {
  const outcome = await answering.catch((error: unknown) => error);
  if (outcome instanceof ExternalFailure) return outcome;
  throw new Error(`expected an ExternalFailure, got ${String(outcome)}`);
}

beforeEach(() => {
  nock.cleanAll();
});
afterEach(() => {
  expect(nock.pendingMocks()).toEqual([]);
});

test("a model that will be retired is asked without a word on the terminal, whose lines are the log's", async () => {
  const said = mock.method(console, "warn", () => undefined);
  nock(PROVIDER).post("/v1/messages").reply(200, aMessage());
  await ask({ ...REQUEST, model: "claude-sonnet-4-5" });
  expect(said.mock.calls).toEqual([]);
  said.mock.restore();
});

test("a request carries the agent's parameters as they stand, and marks what every case shares", async () => {
  const bodies: unknown[] = [];
  nock(PROVIDER)
    .post("/v1/messages", (body) => bodies.push(body) > 0)
    .reply(200, aMessage());
  const answer = await ask({ ...REQUEST, outputSchema: { type: "object" } });

  expect(bodies).toEqual([
    {
      model: "claude-sonnet-5-5",
      max_tokens: 1_000,
      temperature: 0.2,
      system: [
        { type: "text", text: "You refund orders.", cache_control: { type: "ephemeral" } },
        { type: "text", text: "# State\n{}" },
      ],
      messages: [
        {
          role: "user",
          content: [{ type: "text", text: "Refund this.", cache_control: { type: "ephemeral" } }],
        },
      ],
      tools: [
        { name: "read_order", input_schema: { type: "object" }, strict: true },
        { name: "issue_refund", input_schema: { type: "object" }, cache_control: { type: "ephemeral" } },
      ],
      output_config: { effort: "low", format: { type: "json_schema", schema: { type: "object" } } },
      stream: false,
    },
  ]);
  expect(answer).toEqual({
    parts: [{ kind: "text", text: "Hello." }],
    stop: "end",
    usage: { inputTokens: 10, outputTokens: 5, cacheReadTokens: 7, cacheWriteTokens: 0 },
    durationMs: expect.any(Number),
  });
});

test("tool calls and signed thinking come back, and go out again as they came", async () => {
  const thinking = { type: "thinking", thinking: "Look first.", signature: "c2ln" };
  const toolUse = { type: "tool_use", id: "toolu_1", name: "read_order", input: { order_id: "o1" } };
  nock(PROVIDER)
    .post("/v1/messages")
    .reply(200, aMessage({ content: [thinking, toolUse], stop_reason: "tool_use" }));
  const answer = await ask();
  expect(answer).toMatchObject({
    stop: "tool_use",
    parts: [
      { kind: "provider", block: thinking },
      { kind: "tool_call", id: "toolu_1", tool: "read_order", arguments: { order_id: "o1" } },
    ],
  });

  const sent: { messages?: unknown }[] = [];
  nock(PROVIDER)
    .post("/v1/messages", (body) => sent.push(body) > 0)
    .reply(200, aMessage());
  const result = { kind: "tool_result", id: "toolu_1", content: "closed", isError: true } as const;
  await ask({
    ...REQUEST,
    turns: [
      ...REQUEST.turns,
      { role: "assistant", parts: [{ kind: "text", text: "" }, ...answer.parts] },
      { role: "user", parts: [result] },
    ],
  });
  expect(sent[0]?.messages).toEqual([
    { role: "user", content: [{ type: "text", text: "Refund this." }] },
    { role: "assistant", content: [thinking, toolUse] },
    {
      role: "user",
      content: [
        {
          type: "tool_result",
          tool_use_id: "toolu_1",
          content: "closed",
          is_error: true,
          cache_control: { type: "ephemeral" },
        },
      ],
    },
  ]);
});

test.each([
  { stop_reason: "max_tokens", stop: "max_tokens" },
  { stop_reason: "model_context_window_exceeded", stop: "max_tokens" },
  { stop_reason: "refusal", stop: "refusal" },
  { stop_reason: "pause_turn", stop: "other" },
  { stop_reason: null, stop: "other" },
])("the provider's stop reason $stop_reason is our $stop", async ({ stop_reason, stop }) => {
  nock(PROVIDER).post("/v1/messages").reply(200, aMessage({ stop_reason }));
  expect((await ask()).stop).toBe(stop);
});

describe("what may pass is tried again", () => {
  test.each([
    { name: "a rate limit", status: 429, headers: { "retry-after-ms": "20" } },
    { name: "an overload", status: 529, headers: { "retry-after-ms": "20" } },
    { name: "a fault of the provider", status: 500, headers: { "retry-after-ms": "20" } },
  ])("$name is waited for", async ({ status, headers }) => {
    nock(PROVIDER).post("/v1/messages").reply(status, anError("later", "Try later."), headers);
    nock(PROVIDER).post("/v1/messages").reply(200, aMessage());
    expect((await ask()).parts).toHaveLength(1);
  });

  test("a connection that breaks off is made again", async () => {
    nock(PROVIDER).post("/v1/messages").replyWithError("socket hang up");
    nock(PROVIDER).post("/v1/messages").reply(200, aMessage());
    expect((await ask()).parts).toHaveLength(1);
  });

  test("a provider that never recovers is given up, and may be tried again later", async () => {
    nock(PROVIDER)
      .post("/v1/messages")
      .times(16)
      .reply(529, anError("overloaded_error", "Overloaded"), { "retry-after-ms": "5" });
    expect(await failureOf(ask())).toMatchObject({
      message: "the model provider could not answer a request to claude-sonnet-5-5 (status 529): Overloaded",
      system: "anthropic",
      retryable: true,
      status: 529,
      retryAfterMs: 5,
    });
  });

  test("a wait that is longer than a run is left to a later run", async () => {
    nock(PROVIDER)
      .post("/v1/messages")
      .reply(429, anError("rate_limit_error", "Slow down."), { "retry-after": "3600" });
    expect(await failureOf(ask())).toMatchObject({ retryable: true, retryAfterMs: 3_600_000 });
  });

  test("a run that is given up does not wait", async () => {
    const controller = new AbortController();
    nock(PROVIDER)
      .post("/v1/messages")
      .reply(() => {
        setImmediate(() => controller.abort(new Error("a newer head is there")));
        return [429, anError("rate_limit_error", "Slow down."), { "retry-after": "30" }];
      });
    await expect(ask(REQUEST, controller.signal)).rejects.toThrow();
    expect(controller.signal.aborted).toBe(true);
  });
});

describe("what will not pass is said at once", () => {
  test.each([
    { status: 400, advice: "look at the agent's model, parameters and tools" },
    { status: 401, advice: "set another `ANTHROPIC_API_KEY`" },
    { status: 402, advice: "has no credit" },
    { status: 403, advice: "may not use this model" },
    { status: 404, advice: "there is no such model" },
  ])("status $status names the model and what to do, and never the key", async ({ status, advice }) => {
    const leak = status === 401 || status === 403 ? ` ${KEY}` : "";
    nock(PROVIDER)
      .post("/v1/messages")
      .reply(status, anError("no", `Not like that.${leak}`));
    const failure = await failureOf(ask());
    expect(failure).toMatchObject({ retryable: false, status });
    expect(failure.message).toContain("claude-sonnet-5-5");
    expect(failure.message).toContain(advice);
    expect(failure.message).not.toContain(KEY);
  });

  test.each([
    { name: "a message without usage", body: { ...aMessage(), usage: undefined } },
    { name: "another JSON", body: { ok: true } },
    {
      name: "a tool call without arguments",
      body: aMessage({ content: [{ type: "tool_use", id: "t", name: "a" }] }),
    },
  ])("$name is no answer", async ({ body }) => {
    nock(PROVIDER).post("/v1/messages").reply(200, body);
    expect(await failureOf(ask())).toMatchObject({ retryable: false });
  });

  test("an answer that breaks off in the middle of its JSON is no answer", async () => {
    nock(PROVIDER)
      .post("/v1/messages")
      .reply(200, '{"id":"msg_1","content":[', { "content-type": "application/json" });
    expect((await failureOf(ask())).message).toContain("claude-sonnet-5-5");
  });
});

test("no more requests are under way than the model may take", async () => {
  let underWay = 0;
  let most = 0;
  nock(PROVIDER)
    .post("/v1/messages")
    .times(6)
    .reply(async () => {
      underWay += 1;
      most = Math.max(most, underWay);
      await new Promise((resolve) => setTimeout(resolve, 5));
      underWay -= 1;
      return [200, aMessage()];
    });
  const model = createChatModel({ apiKey: KEY, baseURL: PROVIDER, concurrency: 2 });
  await Promise.all(Array.from({ length: 6 }, () => model.ask(REQUEST, new AbortController().signal)));
  expect(most).toBe(2);
});
