import { describe, expect, test } from "@jest/globals";
import { parseTrace } from "../../../src/core/incident/parse-trace.ts";

const ORDER = { order_id: "88-1042", total: 420 };
const ASKED = [{ role: "user", content: "Refund order 88-1042." }];
const READ_ORDER = { tool: "get_order", arguments: { order_id: "88-1042" }, result: ORDER };

const ANTHROPIC = [
  { role: "user", content: "Refund order 88-1042." },
  {
    role: "assistant",
    content: [{ type: "tool_use", id: "t1", name: "get_order", input: { order_id: "88-1042" } }],
  },
  {
    role: "user",
    content: [
      { type: "tool_result", tool_use_id: "t1", content: [{ type: "text", text: JSON.stringify(ORDER) }] },
    ],
  },
  { role: "assistant", content: [{ type: "text", text: "Done." }] },
];

const OPENAI = [
  { role: "system", content: "..." },
  { role: "user", content: "Refund order 88-1042." },
  {
    role: "assistant",
    content: null,
    tool_calls: [
      { id: "c1", type: "function", function: { name: "get_order", arguments: '{"order_id":"88-1042"}' } },
    ],
  },
  { role: "tool", tool_call_id: "c1", content: JSON.stringify(ORDER) },
  { role: "assistant", content: "Done." },
];

const GENAI = [
  { role: "user", parts: [{ type: "text", content: "Refund order 88-1042." }] },
  {
    role: "assistant",
    parts: [{ type: "tool_call", id: "c1", name: "get_order", arguments: { order_id: "88-1042" } }],
  },
  { role: "tool", parts: [{ type: "tool_call_response", id: "c1", response: ORDER }] },
  { role: "assistant", parts: [{ type: "text", content: "Done." }], finish_reason: "stop" },
];

function span(name: string, start: number, attributes: Record<string, string>): object {
  return {
    name,
    startTimeUnixNano: `${1_790_000_000_000 + start}000000`,
    endTimeUnixNano: `${1_790_000_000_000 + start + 50}000000`,
    attributes: Object.entries(attributes).map(([key, stringValue]) => ({ key, value: { stringValue } })),
    status: {},
  };
}

const TOOL_SPAN = {
  "gen_ai.operation.name": "execute_tool",
  "gen_ai.tool.name": "get_order",
  "gen_ai.tool.call.id": "c1",
  "gen_ai.tool.call.arguments": '{"order_id":"88-1042"}',
  "gen_ai.tool.call.result": JSON.stringify(ORDER),
};

const OTLP = {
  resourceSpans: [
    {
      scopeSpans: [
        {
          spans: [
            // The server that ran the call tells of it as well, and spans come in any order.
            span("tools/call get_order", 120, TOOL_SPAN),
            span("execute_tool get_order", 100, TOOL_SPAN),
            span("chat m", 10, {
              "gen_ai.operation.name": "chat",
              "gen_ai.request.model": "m",
              "gen_ai.input.messages": JSON.stringify(GENAI.slice(0, 1)),
            }),
            span("chat m", 200, {
              "gen_ai.operation.name": "chat",
              "gen_ai.request.model": "m",
              "gen_ai.output.messages": JSON.stringify(GENAI.slice(3)),
            }),
          ],
        },
      ],
    },
  ],
};

const LANGSMITH = {
  name: "agent",
  run_type: "chain",
  inputs: { messages: ASKED },
  outputs: { output: "Done." },
  child_runs: [{ name: "get_order", run_type: "tool", inputs: { order_id: "88-1042" }, outputs: ORDER }],
};

const LANGFUSE = [
  {
    traceId: "t",
    type: "GENERATION",
    name: "chat",
    input: ASKED,
    output: "Done.",
    startTime: "2026-09-21T14:13:20Z",
  },
  {
    traceId: "t",
    type: "TOOL",
    name: "get_order",
    input: { order_id: "88-1042" },
    output: ORDER,
    startTime: "2026-09-21T14:13:21Z",
    endTime: "2026-09-21T14:13:22Z",
  },
];

const NOTES = `User: Refund order 88-1042.\n→ get_order(order_id="88-1042")\n← ${JSON.stringify(ORDER)}\nAssistant: Done.`;

describe("a pasted trace", () => {
  test.each([
    ["Messages API", JSON.stringify(ANTHROPIC)],
    [
      "Messages API in a fence",
      `Here it is:\n\n\`\`\`json\n${JSON.stringify(ANTHROPIC, undefined, 2)}\n\`\`\``,
    ],
    ["Chat Completions", JSON.stringify({ model: "m", messages: OPENAI })],
    ["Chat Completions as JSON lines", OPENAI.map((message) => JSON.stringify(message)).join("\n")],
    ["GenAI messages", JSON.stringify(GENAI)],
    ["OTLP with GenAI attributes", JSON.stringify(OTLP)],
    ["LangSmith runs", JSON.stringify(LANGSMITH)],
    ["Langfuse observations", JSON.stringify(LANGFUSE)],
    ["arrow notes", NOTES],
    ["arrow notes in a fence", `\`\`\`\n${NOTES}\n\`\`\``],
  ])("as %s tells the calls, the question and the answer", (_, text) => {
    const trace = parseTrace(text);
    expect(trace?.calls).toEqual([READ_ORDER]);
    expect(trace?.messages[0]).toEqual(ASKED[0]);
    expect(trace?.trajectory.output).toBe("Done.");
    expect(trace?.trajectory.spans.filter(({ kind }) => kind === "tool").map(({ name }) => name)).toEqual([
      "tool:get_order",
    ]);
  });

  test("without content still tells names and order", () => {
    const bare = span("execute_tool pay", 0, {
      "gen_ai.operation.name": "execute_tool",
      "gen_ai.tool.name": "pay",
    });
    const trace = parseTrace(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [bare] }] }] }));
    expect(trace?.calls).toEqual([{ tool: "pay", arguments: undefined, result: undefined }]);
  });

  test("tells a call that failed as failed, with its error", () => {
    const failed = [
      { role: "assistant", content: [{ type: "tool_use", id: "t", name: "pay", input: {} }] },
      {
        role: "user",
        content: [{ type: "tool_result", tool_use_id: "t", is_error: true, content: "no funds" }],
      },
    ];
    expect(parseTrace(JSON.stringify(failed))?.calls).toEqual([
      { tool: "pay", arguments: {}, result: undefined, error: "no funds" },
    ]);
  });

  test.each([
    "",
    "just words about a refund",
    "https://traces.example/abc",
    '{"a":',
    "[]",
    "null",
    "{}",
    `${"[".repeat(30_000)}${"]".repeat(30_000)}`,
  ])("is none: %.40s", (text) => {
    expect(parseTrace(text)).toBeUndefined();
  });
});
