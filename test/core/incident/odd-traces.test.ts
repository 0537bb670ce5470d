import { expect, test } from "@jest/globals";
import { parsePostmortem } from "../../../src/core/incident/parse-postmortem.ts";
import { findTrace, parseTrace } from "../../../src/core/incident/parse-trace.ts";
import { redactPostmortem } from "../../../src/core/incident/redact-postmortem.ts";
import { readTrace } from "../../../src/core/incident/trace/read-trace.ts";

type Told = readonly [tool: string, given: object | undefined, answer: unknown];

function fenced(text: string, language = ""): string {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}

function callsIn(text: string): readonly Told[] {
  const calls = parseTrace(text)?.calls ?? [];
  return calls.map(({ tool, arguments: given, result, error }) => [
    tool,
    given,
    error === undefined ? result : { error },
  ]);
}

/** Tellings that were written before the reader was tried with them. */
test.each<[string, string, readonly Told[], string | undefined, string | undefined]>([
  [
    "parallel anthropic + is_error list",
    JSON.stringify([
      { role: "user", content: [{ type: "text", text: "Compare A and B" }] },
      {
        role: "assistant",
        content: [
          { type: "tool_use", id: "1", name: "price", input: { sku: "A" } },
          { type: "tool_use", id: "2", name: "price", input: { sku: "B" } },
        ],
      },
      {
        role: "user",
        content: [
          {
            type: "tool_result",
            tool_use_id: "2",
            content: [{ type: "text", text: "no such sku" }],
            is_error: true,
          },
          { type: "tool_result", tool_use_id: "1", content: "12" },
        ],
      },
      { role: "assistant", content: "A is 12." },
    ]),
    [
      ["price", { sku: "A" }, 12],
      ["price", { sku: "B" }, { error: "no such sku" }],
    ],
    "Compare A and B",
    "A is 12.",
  ],
  [
    "cut anthropic list",
    JSON.stringify([
      { role: "user", content: "hi" },
      { role: "assistant", content: [{ type: "tool_use", id: "1", name: "look", input: { a: 1 } }] },
      { role: "user", content: [{ type: "tool_result", tool_use_id: "1", content: '{"x":1}' }] },
      {
        role: "assistant",
        content: [{ type: "tool_use", id: "2", name: "pay", input: { amount: 100, to: "Bob" } }],
      },
    ]).slice(0, -20),
    [
      ["look", { a: 1 }, { x: 1 }],
      ["pay", undefined, undefined],
    ],
    "hi",
    undefined,
  ],
  [
    "cut openai in arguments",
    JSON.stringify(
      {
        messages: [
          { role: "user", content: "hi" },
          {
            role: "assistant",
            tool_calls: [
              {
                id: "1",
                type: "function",
                function: { name: "pay", arguments: '{"amount":100,"to":"Bob"}' },
              },
            ],
          },
        ],
      },
      null,
      2,
    ).slice(0, -40),
    [["pay", { amount: 100, to: "Bob" }, undefined]],
    "hi",
    undefined,
  ],
  [
    "spanish actors",
    'cliente → agente: Cancela mi cita\nagente → buscar_cita(id="C1")\nbuscar_cita → agente: {"hora": "10:00"}\nagente → cliente: Cancelada.',
    [["buscar_cita", { id: "C1" }, { hora: "10:00" }]],
    "Cancela mi cita",
    "Cancelada.",
  ],
  [
    "bulleted arrows w/ backticks",
    '- `user`: Where is my parcel?\n- → `track_parcel(id="P1")`\n- ← `{"status": "lost"}`\n- `agent`: It arrives tomorrow.',
    [["track_parcel", { id: "P1" }, { status: "lost" }]],
    "Where is my parcel?",
    "It arrives tomorrow.",
  ],
  [
    "unknown result",
    "User: refund me\n-> get_order(id=5)\n<- ... (not logged)\n-> refund(id=5)\n",
    [
      ["get_order", { id: 5 }, undefined],
      ["refund", { id: 5 }, undefined],
    ],
    "refund me",
    undefined,
  ],
  [
    "syslog kv",
    fenced(
      `Oct  2 08:00:01 host agent[12]: tool_call name=search_flights args='{"to":"Oslo"}' status=ok result='[{"id":"SK1"}]'\nOct  2 08:00:02 host agent[12]: tool_call name=book_flight args='{"id":"SK1"}' status=error error="sold out"`,
    ),
    [
      ["search_flights", { to: "Oslo" }, [{ id: "SK1" }]],
      ["book_flight", { id: "SK1" }, { error: "sold out" }],
    ],
    undefined,
    undefined,
  ],
  [
    "winston style",
    `2026-10-02 08:00:01,120 - agent - INFO - Calling tool search_flights with {"to": "Oslo"}\n2026-10-02 08:00:01,320 - agent - INFO - Tool search_flights returned [{"id": "SK1"}]\n2026-10-02 08:00:02,120 - agent - ERROR - Tool book_flight failed: sold out`,
    [
      ["search_flights", { to: "Oslo" }, [{ id: "SK1" }]],
      ["book_flight", undefined, { error: "sold out" }],
    ],
    undefined,
    undefined,
  ],
  [
    "bracket tags",
    '[user] Book me to Oslo\n[tool_call] search_flights {"to": "Oslo"}\n[tool_result] [{"id": "SK1"}]\n[assistant] Booked.',
    [["search_flights", { to: "Oslo" }, [{ id: "SK1" }]]],
    "Book me to Oslo",
    "Booked.",
  ],
  [
    "crewai",
    fenced(
      'Agent: Booker\nUsing tool: search_flights\nTool Input: {"to": "Oslo"}\nTool Output: [{"id": "SK1"}]\nFinal Answer: Booked.',
    ),
    [["search_flights", { to: "Oslo" }, [{ id: "SK1" }]]],
    undefined,
    "Booked.",
  ],
  [
    "json steps",
    JSON.stringify({
      input: "Book me to Oslo",
      steps: [{ tool: "search_flights", arguments: { to: "Oslo" }, output: [{ id: "SK1" }] }],
      output: "Booked.",
    }),
    [["search_flights", { to: "Oslo" }, [{ id: "SK1" }]]],
    "Book me to Oslo",
    "Booked.",
  ],
  [
    "intermediate steps python",
    "{'input': 'Book me to Oslo', 'output': 'Booked.', 'intermediate_steps': [(AgentAction(tool='search_flights', tool_input={'to': 'Oslo'}, log='x'), [{'id': 'SK1'}])]}",
    [["search_flights", { to: "Oslo" }, [{ id: "SK1" }]]],
    "Book me to Oslo",
    "Booked.",
  ],
  [
    "pydantic openai",
    "ChatCompletion(id='c', choices=[Choice(finish_reason='tool_calls', index=0, message=ChatCompletionMessage(content=None, role='assistant', tool_calls=[ChatCompletionMessageToolCall(id='1', function=Function(arguments='{\"to\":\"Oslo\"}', name='search_flights'), type='function')]))])",
    [["search_flights", { to: "Oslo" }, undefined]],
    undefined,
    undefined,
  ],
  [
    "anthropic python",
    "Message(id='msg', content=[TextBlock(text='Let me look', type='text'), ToolUseBlock(id='toolu_1', input={'to': 'Oslo'}, name='search_flights', type='tool_use')], role='assistant', stop_reason='tool_use')",
    [["search_flights", { to: "Oslo" }, undefined]],
    undefined,
    "Let me look",
  ],
  [
    "langsmith llm only",
    JSON.stringify({
      id: "1",
      name: "ChatAnthropic",
      run_type: "llm",
      start_time: "2026-10-02T08:00:00",
      inputs: {
        messages: [
          [
            {
              lc: 1,
              type: "constructor",
              id: ["langchain", "schema", "messages", "HumanMessage"],
              kwargs: { content: "Book me to Oslo", type: "human" },
            },
          ],
        ],
      },
      outputs: {
        generations: [
          [
            {
              text: "",
              type: "ChatGeneration",
              message: {
                lc: 1,
                type: "constructor",
                id: ["langchain", "schema", "messages", "AIMessage"],
                kwargs: {
                  content: "",
                  tool_calls: [{ name: "search_flights", args: { to: "Oslo" }, id: "t1", type: "tool_call" }],
                },
              },
            },
          ],
        ],
      },
    }),
    [["search_flights", { to: "Oslo" }, undefined]],
    "Book me to Oslo",
    undefined,
  ],
  [
    "langsmith tool message output",
    JSON.stringify([
      {
        id: "0",
        name: "LangGraph",
        run_type: "chain",
        inputs: { messages: [{ type: "human", content: "Book" }] },
        outputs: {
          messages: [
            { type: "human", content: "Book" },
            { type: "ai", content: "Booked." },
          ],
        },
      },
      {
        id: "1",
        parent_run_id: "0",
        name: "search_flights",
        run_type: "tool",
        inputs: { input: "{'to': 'Oslo'}" },
        outputs: {
          output: { type: "tool", content: '[{"id":"SK1"}]', tool_call_id: "t1", status: "success" },
        },
      },
    ]),
    [["search_flights", { to: "Oslo" }, [{ id: "SK1" }]]],
    "Book",
    "Booked.",
  ],
  [
    "langfuse v3 snake",
    JSON.stringify({
      observations: [
        {
          id: "1",
          trace_id: "t",
          type: "SPAN",
          name: "turn",
          start_time: "2026-10-02T08:00:00Z",
          input: { query: "Book" },
          output: { answer: "Booked." },
        },
        {
          id: "2",
          trace_id: "t",
          type: "TOOL",
          name: "search_flights",
          parent_observation_id: "1",
          start_time: "2026-10-02T08:00:01Z",
          input: { args: [], kwargs: { to: "Oslo" } },
          output: [{ id: "SK1" }],
        },
      ],
    }),
    [["search_flights", { to: "Oslo" }, [{ id: "SK1" }]]],
    "Book",
    "Booked.",
  ],
  [
    "langfuse old spans as tools",
    JSON.stringify([
      {
        id: "1",
        traceId: "t",
        type: "GENERATION",
        name: "gpt",
        startTime: "2026-10-02T08:00:00Z",
        input: [{ role: "user", content: "Book" }],
        output: {
          role: "assistant",
          content: null,
          tool_calls: [
            { id: "a", type: "function", function: { name: "search_flights", arguments: '{"to":"Oslo"}' } },
          ],
        },
      },
      {
        id: "2",
        traceId: "t",
        type: "GENERATION",
        name: "gpt",
        startTime: "2026-10-02T08:00:02Z",
        input: [
          { role: "user", content: "Book" },
          {
            role: "assistant",
            content: null,
            tool_calls: [
              { id: "a", type: "function", function: { name: "search_flights", arguments: '{"to":"Oslo"}' } },
            ],
          },
          { role: "tool", tool_call_id: "a", content: '[{"id":"SK1"}]' },
        ],
        output: "Booked.",
      },
    ]),
    [["search_flights", { to: "Oslo" }, [{ id: "SK1" }]]],
    "Book",
    "Booked.",
  ],
  [
    "otlp kvlist args + snake",
    JSON.stringify({
      resource_spans: [
        {
          scope_spans: [
            {
              spans: [
                {
                  trace_id: "t",
                  span_id: "1",
                  name: "execute_tool search_flights",
                  start_time_unix_nano: "1790000000000000000",
                  attributes: [
                    { key: "gen_ai.operation.name", value: { string_value: "execute_tool" } },
                    { key: "gen_ai.tool.name", value: { string_value: "search_flights" } },
                    {
                      key: "gen_ai.tool.call.arguments",
                      value: { kvlist_value: { values: [{ key: "to", value: { string_value: "Oslo" } }] } },
                    },
                  ],
                },
              ],
            },
          ],
        },
      ],
    }),
    [["search_flights", { to: "Oslo" }, undefined]],
    undefined,
    undefined,
  ],
  [
    "otlp events details",
    JSON.stringify({
      resourceSpans: [
        {
          scopeSpans: [
            {
              spans: [
                {
                  traceId: "t",
                  spanId: "1",
                  name: "chat m",
                  startTimeUnixNano: "1790000000000000000",
                  attributes: [{ key: "gen_ai.operation.name", value: { stringValue: "chat" } }],
                  events: [
                    {
                      name: "gen_ai.client.inference.operation.details",
                      attributes: [
                        {
                          key: "gen_ai.input.messages",
                          value: {
                            stringValue: JSON.stringify([
                              { role: "user", parts: [{ type: "text", content: "Book" }] },
                            ]),
                          },
                        },
                        {
                          key: "gen_ai.output.messages",
                          value: {
                            stringValue: JSON.stringify([
                              {
                                role: "assistant",
                                parts: [
                                  {
                                    type: "tool_call",
                                    id: "1",
                                    name: "search_flights",
                                    arguments: { to: "Oslo" },
                                  },
                                ],
                                finish_reason: "tool_call",
                              },
                            ]),
                          },
                        },
                      ],
                    },
                  ],
                },
              ],
            },
          ],
        },
      ],
    }),
    [["search_flights", { to: "Oslo" }, undefined]],
    "Book",
    undefined,
  ],
  [
    "ai sdk telemetry",
    JSON.stringify({
      resourceSpans: [
        {
          scopeSpans: [
            {
              spans: [
                {
                  traceId: "t",
                  spanId: "1",
                  name: "ai.generateText",
                  startTimeUnixNano: "1790000000000000000",
                  attributes: [
                    { key: "ai.operationId", value: { stringValue: "ai.generateText" } },
                    { key: "ai.prompt", value: { stringValue: '{"prompt":"Book"}' } },
                    { key: "ai.response.text", value: { stringValue: "Booked." } },
                  ],
                },
                {
                  traceId: "t",
                  spanId: "2",
                  parentSpanId: "1",
                  name: "ai.toolCall",
                  startTimeUnixNano: "1790000000100000000",
                  attributes: [
                    { key: "ai.operationId", value: { stringValue: "ai.toolCall" } },
                    { key: "ai.toolCall.name", value: { stringValue: "search_flights" } },
                    { key: "ai.toolCall.args", value: { stringValue: '{"to":"Oslo"}' } },
                    { key: "ai.toolCall.result", value: { stringValue: '[{"id":"SK1"}]' } },
                  ],
                },
              ],
            },
          ],
        },
      ],
    }),
    [["search_flights", { to: "Oslo" }, [{ id: "SK1" }]]],
    "Book",
    "Booked.",
  ],
  [
    "mcp nested in execute_tool",
    JSON.stringify({
      resourceSpans: [
        {
          scopeSpans: [
            {
              spans: [
                {
                  traceId: "t",
                  spanId: "1",
                  name: "execute_tool pay",
                  startTimeUnixNano: "1790000000000000000",
                  attributes: [
                    { key: "gen_ai.operation.name", value: { stringValue: "execute_tool" } },
                    { key: "gen_ai.tool.name", value: { stringValue: "pay" } },
                    { key: "gen_ai.tool.call.arguments", value: { stringValue: '{"a":1}' } },
                  ],
                },
                {
                  traceId: "t",
                  spanId: "2",
                  parentSpanId: "1",
                  name: "tools/call pay",
                  startTimeUnixNano: "1790000000100000000",
                  attributes: [
                    { key: "mcp.method.name", value: { stringValue: "tools/call" } },
                    { key: "gen_ai.tool.name", value: { stringValue: "pay" } },
                    { key: "gen_ai.tool.call.result", value: { stringValue: "ok" } },
                  ],
                },
              ],
            },
          ],
        },
      ],
    }),
    [["pay", { a: 1 }, "ok"]],
    undefined,
    undefined,
  ],
  [
    "two different runs in two fences",
    fenced(
      JSON.stringify([
        { role: "user", content: "Book" },
        {
          role: "assistant",
          tool_calls: [{ id: "1", function: { name: "search_flights", arguments: "{}" } }],
        },
      ]),
      "json",
    ) +
      "\n\nand another customer:\n" +
      fenced(
        JSON.stringify([
          { role: "user", content: "Cancel" },
          { role: "assistant", tool_calls: [{ id: "1", function: { name: "cancel", arguments: "{}" } }] },
        ]),
        "json",
      ),
    [["search_flights", {}, undefined]],
    "Book",
    undefined,
  ],
  [
    "one fence per call notes",
    "User: Book\n\nFirst:\n" +
      fenced('search_flights(to="Oslo")\n→ [{"id":"SK1"}]') +
      "\nthen\n" +
      fenced('book_flight(id="SK1")\n→ error: sold out'),
    [
      ["search_flights", { to: "Oslo" }, [{ id: "SK1" }]],
      ["book_flight", { id: "SK1" }, { error: "sold out" }],
    ],
    "Book",
    undefined,
  ],
  [
    "table w tool/args/result columns",
    '| step | tool | arguments | result |\n|---|---|---|---|\n| 1 | search_flights | {"to": "Oslo"} | [{"id": "SK1"}] |\n| 2 | book_flight | {"id": "SK1"} | error: sold out |',
    [
      ["search_flights", { to: "Oslo" }, [{ id: "SK1" }]],
      ["book_flight", { id: "SK1" }, { error: "sold out" }],
    ],
    undefined,
    undefined,
  ],
  [
    "smart quote notes",
    "User: “Book”\n→ search_flights(to=“Oslo”)\n← {“id”: “SK1”}\nAgent: “Booked.”",
    [["search_flights", { to: "Oslo" }, { id: "SK1" }]],
    "Book",
    "Booked.",
  ],
  [
    "pretty json result with prose before",
    'The agent called `search_flights` with `{"to": "Oslo"}` and got `[{"id": "SK1"}]`.\nThen it called `book_flight` with `{"id": "SK1"}` which failed with "sold out".',
    [
      ["search_flights", { to: "Oslo" }, [{ id: "SK1" }]],
      ["book_flight", { id: "SK1" }, { error: "sold out" }],
    ],
    undefined,
    undefined,
  ],
  [
    "quoted block",
    '> user: Book\n> → search_flights(to="Oslo")\n> ← [{"id":"SK1"}]\n> agent: Booked.',
    [["search_flights", { to: "Oslo" }, [{ id: "SK1" }]]],
    "Book",
    "Booked.",
  ],
  [
    "responses with parallel and mcp",
    JSON.stringify([
      { type: "message", role: "user", content: "Book" },
      { type: "function_call", call_id: "a", name: "f", arguments: '{"x":1}' },
      { type: "function_call", call_id: "b", name: "f", arguments: '{"x":2}' },
      { type: "function_call_output", call_id: "b", output: "two" },
      { type: "function_call_output", call_id: "a", output: "one" },
      {
        type: "mcp_call",
        id: "m",
        name: "g",
        server_label: "s",
        arguments: '{"y":1}',
        output: '{"z":2}',
        error: null,
      },
      { type: "message", role: "assistant", content: [{ type: "output_text", text: "Booked." }] },
    ]),
    [
      ["f", { x: 1 }, "one"],
      ["f", { x: 2 }, "two"],
      ["g", { y: 1 }, { z: 2 }],
    ],
    "Book",
    "Booked.",
  ],
  [
    "legacy function_call",
    JSON.stringify([
      { role: "user", content: "Book" },
      { role: "assistant", content: null, function_call: { name: "f", arguments: '{"x":1}' } },
      { role: "function", name: "f", content: '{"z":2}' },
      { role: "assistant", content: "Booked." },
    ]),
    [["f", { x: 1 }, { z: 2 }]],
    "Book",
    "Booked.",
  ],
  [
    "codex rollout",
    [
      {
        timestamp: "t",
        type: "response_item",
        payload: { type: "message", role: "user", content: [{ type: "input_text", text: "Book" }] },
      },
      {
        timestamp: "t",
        type: "response_item",
        payload: { type: "function_call", name: "shell", arguments: '{"command":["ls"]}', call_id: "c" },
      },
      {
        timestamp: "t",
        type: "response_item",
        payload: {
          type: "function_call_output",
          call_id: "c",
          output: '{"output":"a\\n","metadata":{"exit_code":0}}',
        },
      },
    ]
      .map((x) => JSON.stringify(x))
      .join("\n"),
    [["shell", { command: ["ls"] }, { output: "a\n", metadata: { exit_code: 0 } }]],
    "Book",
    undefined,
  ],
  [
    "numbered party arrows unicode",
    '1) Customer ➜ Agent: Book\n2) Agent ➜ search_flights {"to": "Oslo"}\n3) search_flights ➜ Agent [{"id": "SK1"}]\n4) Agent ➜ Customer: Booked.',
    [["search_flights", { to: "Oslo" }, [{ id: "SK1" }]]],
    "Book",
    "Booked.",
  ],
  [
    "curl style shell",
    fenced('$ agent run "Book"\n[tool] search_flights to=Oslo\n[tool] -> [{"id": "SK1"}]\n[agent] Booked.'),
    [
      ["shell", { command: 'agent run "Book"' }, undefined],
      ["search_flights", { to: "Oslo" }, [{ id: "SK1" }]],
    ],
    undefined,
    "Booked.",
  ],
  [
    "shell options not underscored",
    fenced('$ read-order --id 5\n{"total": 4}\n'),
    [["shell", { command: "read-order --id 5" }, { total: 4 }]],
    undefined,
    undefined,
  ],
  [
    "log w/ duration suffix",
    '12:00:01 search_flights(to="Oslo") -> [{"id": "SK1"}] (120ms)\n12:00:02 book_flight(id="SK1") -> {"ok": true} [200 OK]',
    [
      ["search_flights", { to: "Oslo" }, [{ id: "SK1" }]],
      ["book_flight", { id: "SK1" }, { ok: true }],
    ],
    undefined,
    undefined,
  ],
  [
    "elided json",
    JSON.stringify([
      { role: "user", content: "Book" },
      { role: "assistant", content: [{ type: "tool_use", id: "1", name: "f", input: { x: 1 } }] },
    ]).slice(0, -1) +
      ',\n ...\n {"role":"user","content":[{"type":"tool_result","tool_use_id":"1","content": ... }]},\n {"role":"assistant","content":"Booked."}]',
    [["f", { x: 1 }, undefined]],
    "Book",
    "Booked.",
  ],
])("a run is read from %s", (_, text, calls, asked, answered) => {
  expect(callsIn(text)).toEqual(calls);
  const trace = parseTrace(text);
  if (asked !== undefined) expect(trace?.messages.find(({ role }) => role === "user")?.content).toBe(asked);
  if (answered !== undefined) expect(trace?.trajectory.output).toBe(answered);
});

const WHOLE = JSON.stringify([
  { role: "user", content: "hi" },
  { role: "assistant", content: [{ type: "tool_use", id: "1", name: "look", input: { a: 1 } }] },
  { role: "user", content: [{ type: "tool_result", tool_use_id: "1", content: '{"x":1}' }] },
  {
    role: "assistant",
    content: [{ type: "tool_use", id: "2", name: "pay", input: { amount: 100, to: "Bob" } }],
  },
]);

test("a trace that is cut anywhere tells nothing that the whole one does not, and says that it is cut", () => {
  const known = callsIn(WHOLE);
  for (let length = 40; length < WHOLE.length; length += 7) {
    const trace = parseTrace(WHOLE.slice(0, length));
    const calls = callsIn(WHOLE.slice(0, length));
    expect(calls.length).toBeLessThanOrEqual(known.length);
    for (const [index, [tool, given, answer]] of calls.entries()) {
      expect(tool).toBe(known[index]?.[0]);
      expect([undefined, known[index]?.[1]]).toContainEqual(given);
      expect([undefined, known[index]?.[2]]).toContainEqual(answer);
    }
    if (trace !== undefined) expect(trace.problems).toEqual([expect.objectContaining({ at: "Trace" })]);
  }
});

test("of two runs the first is read, and the other is named", () => {
  const run = (asked: string, tool: string) =>
    fenced(
      JSON.stringify([
        { role: "user", content: asked },
        { role: "assistant", tool_calls: [{ id: "1", function: { name: tool, arguments: "{}" } }] },
      ]),
    );
  const trace = parseTrace(`${run("a", "look")}\n\n${run("b", "pay")}`);
  expect(trace?.calls.map(({ tool }) => tool)).toEqual(["look"]);
  expect(trace?.problems).toEqual([expect.objectContaining({ got: "2 runs" })]);
});

function spans(...told: readonly object[]): string {
  const spans = told.map((span) => ({
    traceId: "t",
    name: "execute_tool look",
    attributes: [{ key: "gen_ai.tool.name", value: { stringValue: "look" } }],
    ...span,
  }));
  return JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] });
}

test.each<[string, string, number]>([
  [
    "parents in a circle",
    spans(
      { spanId: "a", parentSpanId: "b", name: "x" },
      { spanId: "b", parentSpanId: "a" },
      { spanId: "c", parentSpanId: "c" },
    ),
    3,
  ],
  ["one span exported twice", spans({ spanId: "a" }, { spanId: "a" }), 1],
  [
    "times before all times",
    spans(
      { spanId: "a", startTimeUnixNano: "-5" },
      { spanId: "b", startTimeUnixNano: -7 },
      { spanId: "c", startTimeUnixNano: "9".repeat(40) },
    ),
    3,
  ],
  [
    "names of an object's own",
    spans({ spanId: "__proto__", name: "execute_tool constructor" }, { spanId: "constructor" }),
    2,
  ],
  [
    "nothing but types that there are not",
    '[{"id":"1","run_type":"constructor","name":"toString","inputs":{}}]',
    0,
  ],
  [
    "calls that are none",
    '[{"role":"assistant","tool_calls":[null,5,{"function":{"name":7}},{"function":null}]}]',
    0,
  ],
])("a hostile trace with %s shows its calls and no more", (_, text, count) => {
  expect(parseTrace(text)?.calls.length ?? 0).toBe(count);
});

test.each([
  "[",
  '{"a":',
  '["',
  "[“",
  "[`",
  "[/*",
  "Foo(a=",
  "<p>",
  "→ f(a=(\n",
  "agent → ",
  "<tool_call>{",
  "| a | b |\n",
  "a=1 ",
  "\n",
  "```\n",
])("a text of nothing but %j is read within its limits", (piece) => {
  const text = piece.repeat(3_000);
  expect(parseTrace(text)?.calls.length ?? 0).toBeLessThanOrEqual(500);
  expect(findTrace([text])?.calls.length ?? 0).toBeLessThanOrEqual(500);
});

test("a trace longer than what is read says that it is cut", () => {
  const long = JSON.stringify(
    Array.from({ length: 30 }, () => ({ role: "user", content: "x".repeat(40_000) })),
  );
  const calls = `[{"role":"assistant","tool_calls":[{"id":"1","function":{"name":"look","arguments":"{}"}}]},${long.slice(1)}`;
  expect(parseTrace(calls)?.calls).toHaveLength(1);
  expect(parseTrace(calls)?.problems).toHaveLength(1);
});

test("a secret in a trace is among the texts that are redacted, wherever it stands", async () => {
  const trace = spans({
    spanId: "a",
    status: { code: 2, message: "refused hunter22" },
    attributes: [
      { key: "gen_ai.tool.name", value: { stringValue: "look" } },
      {
        key: "gen_ai.tool.call.arguments",
        value: { stringValue: '{"password":"hunter22","deep":[{"k":"hunter22"}]}' },
      },
    ],
  });
  const body = `### Trace\n\n${fenced(trace, "json")}`;
  const read = parsePostmortem({ number: 1, title: "t", body, author: "ana" });
  expect(read.postmortem.calls).toHaveLength(1);
  const redacted = await redactPostmortem(read, async (texts) => ({
    texts: texts.map((text) => text.replaceAll("hunter22", "[secret-1]")),
    counts: {},
  }));
  expect(JSON.stringify(redacted)).not.toContain("hunter22");
});

test("the steps of a trace keep times and tokens, for whoever measures an agent by its own trace", () => {
  const trace = JSON.parse(
    spans(
      {
        spanId: "m",
        name: "chat m",
        startTimeUnixNano: "1790000000000000000",
        endTimeUnixNano: "1790000000250000000",
        attributes: [
          { key: "gen_ai.operation.name", value: { stringValue: "chat" } },
          { key: "gen_ai.usage.input_tokens", value: { intValue: "12" } },
        ],
      },
      { spanId: "t", startTimeUnixNano: "1790000000300000000", endTimeUnixNano: "1790000000310000000" },
    ),
  );
  const steps = readTrace([trace])?.steps ?? [];
  expect(steps.map(({ kind, startMs, durationMs }) => [kind, startMs, durationMs])).toEqual([
    ["model", 0, 250],
    ["tool", 300, 10],
  ]);
  expect(steps[0]?.usage?.inputTokens).toBe(12);
});
