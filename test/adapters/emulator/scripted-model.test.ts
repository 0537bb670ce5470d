import Anthropic from "@anthropic-ai/sdk";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { parseScript } from "../../../src/adapters/emulator/script.ts";
import { type ScriptedModel, startScriptedModel } from "../../../src/adapters/emulator/scripted-model.ts";

const SCRIPT = {
  rules: [
    { when: { last_user_contains: "overload" }, reply: { error: { status: 529, type: "overloaded_error" } } },
    { when: { structured: true }, reply: { json: "from_schema", with: { why: "saw {{regex:ord_[0-9]+}}" } } },
    {
      when: { has_tools: "read_order", not_called: "read_order" },
      reply: {
        text: "Reading {{regex:ord_[0-9]+}}.",
        tool_use: [{ name: "read_order", input: { order_id: "{{regex:ord_[0-9]+}}" } }],
      },
    },
    {
      name: "told",
      when: { called: "read_order" },
      reply: {
        text: "{{args.read_order.order_id}} costs {{result.read_order.total}} {{result.read_order.unit | EUR}}.",
      },
    },
    { name: "copyist", when: { last_user_contains: "copy" }, reply: { text: "{{result.read_order.total}}" } },
    { when: { last_user_contains: "hello" }, latency_ms: 1, reply: { text: "Good day." } },
  ],
};

const TOOLS = [{ name: "read_order", input_schema: { type: "object" as const } }];

let model: ScriptedModel;
let client: Anthropic;

beforeEach(async () => {
  const script = parseScript(JSON.stringify(SCRIPT));
  if (script.kind === "unusable") throw new Error(JSON.stringify(script.problems));
  model = await startScriptedModel(script.value);
  client = new Anthropic({ apiKey: "sk-test", baseURL: model.url, maxRetries: 0 });
});
afterEach(() => model.close());

function ask(content: string, more: Partial<Anthropic.MessageCreateParamsNonStreaming> = {}) {
  return client.messages.create({
    model: "claude-sonnet-5-5",
    max_tokens: 300,
    messages: [{ role: "user", content }],
    ...more,
  });
}

describe("a scripted model", () => {
  test("answers a question with text, a stop reason and usage", async () => {
    const message = await ask("hello there");
    expect(message).toMatchObject({
      role: "assistant",
      model: "claude-sonnet-5-5",
      content: [{ type: "text", text: "Good day." }],
      stop_reason: "end_turn",
      usage: { output_tokens: 3 },
    });
    expect(message.usage.input_tokens).toBeGreaterThan(5);
  });

  test("calls a tool and goes on from its answer", async () => {
    const messages: Anthropic.MessageParam[] = [{ role: "user", content: "Refund ord_7." }];
    const first = await ask("", { messages, tools: TOOLS });
    const call = first.content.find((part) => part.type === "tool_use");
    expect(first.stop_reason).toBe("tool_use");
    expect(call).toMatchObject({ name: "read_order", input: { order_id: "ord_7" } });

    messages.push({ role: "assistant", content: first.content });
    messages.push({
      role: "user",
      content: [{ type: "tool_result", tool_use_id: call?.id ?? "", content: '{"total":480}' }],
    });
    const second = await ask("", { messages, tools: TOOLS });
    expect(second.content).toEqual([{ type: "text", text: "ord_7 costs 480 EUR." }]);
  });

  test("answers a structured request with the emptiest JSON of its schema and the script's members", async () => {
    const message = await ask("Is ord_7 fine?", {
      output_config: {
        format: {
          type: "json_schema",
          schema: {
            type: "object",
            properties: { fine: { type: "boolean" }, why: { type: "string" } },
            required: ["fine", "why"],
          },
        },
      },
    });
    const [part] = message.content;
    expect(JSON.parse(part?.type === "text" ? part.text : "")).toEqual({ fine: true, why: "saw ord_7" });
  });

  test("answers with the error that the script names, which the SDK understands", async () => {
    await expect(ask("overload")).rejects.toMatchObject({
      status: 529,
      error: { error: { type: "overloaded_error" } },
    });
  });

  test("refuses a request that no rule fits, naming its essentials", async () => {
    await expect(ask("something else")).rejects.toThrow(
      /No rule of the script fits.*claude-sonnet-5-5.*something else/,
    );
  });

  test("refuses to invent what a reply wants to copy", async () => {
    await expect(ask("copy it")).rejects.toThrow(
      /Rule copyist of the script: the conversation holds nothing for/,
    );
  });

  test("refuses a conversation that leaves a tool call unanswered, as the API does", async () => {
    const messages: Anthropic.MessageParam[] = [
      { role: "user", content: "Refund ord_7." },
      { role: "assistant", content: [{ type: "tool_use", id: "toolu_1", name: "read_order", input: {} }] },
      { role: "user", content: "hello" },
    ];
    await expect(ask("", { messages })).rejects.toThrow(/toolu_1/);
  });

  test.each([
    { what: "no key", headers: {}, body: "{}", status: 401, type: "authentication_error" },
    {
      what: "no JSON",
      headers: { "x-api-key": "k", "anthropic-version": "2023-06-01" },
      body: "{",
      status: 400,
      type: "invalid_request_error",
    },
    {
      what: "no messages",
      headers: { "x-api-key": "k", "anthropic-version": "2023-06-01" },
      body: '{"model":"m","max_tokens":1}',
      status: 400,
      type: "invalid_request_error",
    },
  ])("refuses a request with $what", async ({ headers, body, status, type }) => {
    const response = await fetch(`${model.url}/v1/messages`, { method: "POST", headers, body });
    expect({ status: response.status, body: await response.json() }).toMatchObject({
      status,
      body: { type: "error", error: { type } },
    });
  });

  test("remembers what it was asked", async () => {
    await ask("hello", { system: "Be kind." });
    expect(model.requests()).toMatchObject([
      { system: "Be kind.", messages: [{ role: "user", content: "hello" }] },
    ]);
  });

  test("says at its front door what it is", async () => {
    expect(await (await fetch(model.url)).text()).toContain("scripted model");
  });
});
