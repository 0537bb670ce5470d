/** One run of a travel agent: it looks, its refund fails, is tried again and goes through. */
export const ASKED = "Cancel booking BK-7 and give me my money back.";
export const ANSWERED = "BK-7 is cancelled, 310.50 EUR are on their way.";
const FOUND = { booking_id: "BK-7", paid_eur: 310.5, fare: "flex", refundable: true };
const REFUND = { booking_id: "BK-7", amount_eur: 310.5 };
const PAID = { refund_id: "R-90", state: "paid" };
const FAILED = "gateway timeout";

/** The calls of the run, as every telling of it must give them. */
export const CALLS = [
  { tool: "find_booking", arguments: { booking_id: "BK-7" }, result: FOUND },
  { tool: "refund_booking", arguments: REFUND, result: undefined, error: FAILED },
  { tool: "refund_booking", arguments: REFUND, result: PAID },
];

const found = JSON.stringify(FOUND);
const refund = JSON.stringify(REFUND);
const paid = JSON.stringify(PAID);
const json = (value: unknown): string => JSON.stringify(value, undefined, 2);
const lines = (values: readonly unknown[]): string => values.map((value) => JSON.stringify(value)).join("\n");

const use = (id: string, name: string, input: object) => ({ type: "tool_use", id, name, input });
const answer = (id: string, content: unknown) => ({
  role: "user",
  content: [{ type: "tool_result", tool_use_id: id, content }],
});

const ANTHROPIC = [
  { role: "user", content: ASKED },
  {
    role: "assistant",
    content: [
      { type: "text", text: "I look it up." },
      use("toolu_1", "find_booking", { booking_id: "BK-7" }),
    ],
  },
  answer("toolu_1", [{ type: "text", text: found }]),
  { role: "assistant", content: [use("toolu_2", "refund_booking", REFUND)] },
  {
    role: "user",
    content: [{ type: "tool_result", tool_use_id: "toolu_2", is_error: true, content: FAILED }],
  },
  { role: "assistant", content: [use("toolu_3", "refund_booking", REFUND)] },
  answer("toolu_3", paid),
  { role: "assistant", content: [{ type: "text", text: ANSWERED }] },
];

const ask = (id: string, name: string, given: string) => ({
  role: "assistant",
  content: null,
  tool_calls: [{ id, type: "function", function: { name, arguments: given } }],
});
const OPENAI = [
  { role: "system", content: "You help travellers." },
  { role: "user", content: ASKED },
  ask("call_1", "find_booking", '{"booking_id":"BK-7"}'),
  { role: "tool", tool_call_id: "call_1", content: found },
  ask("call_2", "refund_booking", refund),
  { role: "tool", tool_call_id: "call_2", content: `Error: ${FAILED}` },
  ask("call_3", "refund_booking", refund),
  { role: "tool", tool_call_id: "call_3", content: paid },
  { role: "assistant", content: ANSWERED },
];

const RESPONSES = [
  { role: "user", content: [{ type: "input_text", text: ASKED }] },
  { type: "reasoning", id: "rs_1", summary: [] },
  {
    type: "function_call",
    id: "fc_1",
    call_id: "call_1",
    name: "find_booking",
    arguments: '{"booking_id":"BK-7"}',
  },
  { type: "function_call_output", call_id: "call_1", output: found },
  { type: "function_call", id: "fc_2", call_id: "call_2", name: "refund_booking", arguments: refund },
  { type: "function_call_output", call_id: "call_2", output: JSON.stringify({ error: FAILED }) },
  { type: "function_call", id: "fc_3", call_id: "call_3", name: "refund_booking", arguments: refund },
  { type: "function_call_output", call_id: "call_3", output: [{ type: "input_text", text: paid }] },
  {
    type: "message",
    role: "assistant",
    status: "completed",
    content: [{ type: "output_text", text: ANSWERED, annotations: [] }],
  },
];

const part = (id: string, name: string, given: object) => ({
  role: "assistant",
  parts: [{ type: "tool_call", id, name, arguments: given }],
  finish_reason: "tool_call",
});
const GENAI = [
  { role: "user", parts: [{ type: "text", content: ASKED }] },
  part("call_1", "find_booking", { booking_id: "BK-7" }),
  { role: "tool", parts: [{ type: "tool_call_response", id: "call_1", response: FOUND }] },
  part("call_2", "refund_booking", REFUND),
  { role: "tool", parts: [{ type: "tool_call_response", id: "call_2", response: { error: FAILED } }] },
  part("call_3", "refund_booking", REFUND),
  { role: "tool", parts: [{ type: "tool_call_response", id: "call_3", result: paid }] },
  { role: "assistant", parts: [{ type: "text", content: ANSWERED }], finish_reason: "stop" },
];

const GEMINI = {
  contents: [
    { role: "user", parts: [{ text: ASKED }] },
    { role: "model", parts: [{ functionCall: { name: "find_booking", args: { booking_id: "BK-7" } } }] },
    { role: "user", parts: [{ functionResponse: { name: "find_booking", response: FOUND } }] },
    { role: "model", parts: [{ functionCall: { name: "refund_booking", args: REFUND } }] },
    { role: "user", parts: [{ functionResponse: { name: "refund_booking", response: { error: FAILED } } }] },
    { role: "model", parts: [{ functionCall: { name: "refund_booking", args: REFUND } }] },
    { role: "user", parts: [{ functionResponse: { name: "refund_booking", response: PAID } }] },
    { role: "model", parts: [{ text: ANSWERED }] },
  ],
};

const BEDROCK = {
  messages: [
    { role: "user", content: [{ text: ASKED }] },
    {
      role: "assistant",
      content: [{ toolUse: { toolUseId: "b1", name: "find_booking", input: { booking_id: "BK-7" } } }],
    },
    {
      role: "user",
      content: [{ toolResult: { toolUseId: "b1", content: [{ json: FOUND }], status: "success" } }],
    },
    {
      role: "assistant",
      content: [{ toolUse: { toolUseId: "b2", name: "refund_booking", input: REFUND } }],
    },
    {
      role: "user",
      content: [{ toolResult: { toolUseId: "b2", content: [{ text: FAILED }], status: "error" } }],
    },
    {
      role: "assistant",
      content: [{ toolUse: { toolUseId: "b3", name: "refund_booking", input: REFUND } }],
    },
    {
      role: "user",
      content: [{ toolResult: { toolUseId: "b3", content: [{ text: paid }] } }],
    },
    { role: "assistant", content: [{ text: ANSWERED }] },
  ],
};

const LANGCHAIN = [
  { type: "human", content: ASKED },
  {
    type: "ai",
    content: "",
    tool_calls: [{ name: "find_booking", args: { booking_id: "BK-7" }, id: "c1", type: "tool_call" }],
  },
  { type: "tool", content: found, name: "find_booking", tool_call_id: "c1", status: "success" },
  {
    type: "ai",
    content: "",
    tool_calls: [{ name: "refund_booking", args: REFUND, id: "c2", type: "tool_call" }],
  },
  { type: "tool", content: FAILED, name: "refund_booking", tool_call_id: "c2", status: "error" },
  {
    type: "ai",
    content: "",
    tool_calls: [{ name: "refund_booking", args: REFUND, id: "c3", type: "tool_call" }],
  },
  { type: "tool", content: paid, name: "refund_booking", tool_call_id: "c3", status: "success" },
  { type: "ai", content: ANSWERED, tool_calls: [] },
];

const VERCEL = [
  { role: "user", content: ASKED },
  {
    role: "assistant",
    content: [
      { type: "tool-call", toolCallId: "v1", toolName: "find_booking", input: { booking_id: "BK-7" } },
    ],
  },
  {
    role: "tool",
    content: [
      {
        type: "tool-result",
        toolCallId: "v1",
        toolName: "find_booking",
        output: { type: "json", value: FOUND },
      },
    ],
  },
  {
    role: "assistant",
    content: [{ type: "tool-call", toolCallId: "v2", toolName: "refund_booking", input: REFUND }],
  },
  {
    role: "tool",
    content: [
      {
        type: "tool-result",
        toolCallId: "v2",
        toolName: "refund_booking",
        output: { type: "error-text", value: FAILED },
      },
    ],
  },
  {
    role: "assistant",
    content: [{ type: "tool-call", toolCallId: "v3", toolName: "refund_booking", input: REFUND }],
  },
  {
    role: "tool",
    content: [
      {
        type: "tool-result",
        toolCallId: "v3",
        toolName: "refund_booking",
        output: { type: "json", value: PAID },
      },
    ],
  },
  { role: "assistant", content: [{ type: "text", text: ANSWERED }] },
];

/** A session as coding agents keep it: a line for each block, with the message inside. */
const SESSION = ANTHROPIC.map((message, index) => ({
  type: message.role,
  uuid: `u${index}`,
  timestamp: `2026-10-02T08:00:0${index}.000Z`,
  isSidechain: false,
  message: { ...message, id: `msg_${index}` },
}));

type Attributes = Readonly<Record<string, unknown>>;

function typed(value: unknown): object {
  if (typeof value === "number")
    return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  if (Array.isArray(value)) return { arrayValue: { values: value.map(typed) } };
  if (typeof value === "object" && value !== null)
    return { kvlistValue: { values: attributesOf({ ...value }) } };
  return { stringValue: value };
}

function attributesOf(attributes: Attributes): readonly object[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: typed(value) }));
}

const BEGIN_MS = 1_790_000_000_000;

function span(id: number, name: string, startMs: number, attributes: Attributes, more: object = {}): object {
  return {
    traceId: "5b8efff798038103d269b633813fc60c",
    spanId: `00000000000000a${id}`,
    ...(id === 0 ? {} : { parentSpanId: "00000000000000a0" }),
    name,
    kind: 1,
    startTimeUnixNano: `${BEGIN_MS + startMs}000000`,
    endTimeUnixNano: `${BEGIN_MS + startMs + 50}000000`,
    attributes: attributesOf(attributes),
    status: {},
    ...more,
  };
}

function exported(spans: readonly object[]): object {
  return {
    resourceSpans: [
      {
        resource: { attributes: attributesOf({ "service.name": "travel" }) },
        scopeSpans: [{ scope: { name: "x" }, spans }],
      },
    ],
  };
}

const agentSpan = span(0, "invoke_agent travel", 0, {
  "gen_ai.operation.name": "invoke_agent",
  "gen_ai.agent.name": "travel",
});

function toolSpan(id: number, name: string, startMs: number, given: object, result: unknown): object {
  const failed = result === FAILED;
  return span(
    id,
    `execute_tool ${name}`,
    startMs,
    {
      "gen_ai.operation.name": "execute_tool",
      "gen_ai.tool.name": name,
      "gen_ai.tool.call.id": `call_${id}`,
      "gen_ai.tool.call.arguments": JSON.stringify(given),
      ...(failed ? { "error.type": "TimeoutError" } : { "gen_ai.tool.call.result": JSON.stringify(result) }),
    },
    failed ? { status: { code: 2, message: FAILED } } : {},
  );
}

const TOOL_SPANS = [
  toolSpan(1, "find_booking", 100, { booking_id: "BK-7" }, FOUND),
  toolSpan(2, "refund_booking", 200, REFUND, FAILED),
  toolSpan(3, "refund_booking", 300, REFUND, PAID),
];

const chat = (id: number, startMs: number, attributes: Attributes, more: object = {}): object =>
  span(
    id,
    "chat m-1",
    startMs,
    { "gen_ai.operation.name": "chat", "gen_ai.request.model": "m-1", ...attributes },
    more,
  );

const CHAT_SPANS = [
  chat(4, 20, {
    "gen_ai.input.messages": JSON.stringify(GENAI.slice(0, 1)),
    "gen_ai.output.messages": JSON.stringify(GENAI.slice(1, 2)),
    "gen_ai.usage.input_tokens": 100,
  }),
  chat(5, 150, {
    "gen_ai.input.messages": JSON.stringify(GENAI.slice(0, 3)),
    "gen_ai.output.messages": JSON.stringify(GENAI.slice(3, 4)),
  }),
  chat(6, 250, {
    "gen_ai.input.messages": JSON.stringify(GENAI.slice(0, 5)),
    "gen_ai.output.messages": JSON.stringify(GENAI.slice(5, 6)),
  }),
  chat(7, 350, {
    "gen_ai.input.messages": JSON.stringify(GENAI.slice(0, 7)),
    "gen_ai.output.messages": JSON.stringify(GENAI.slice(7)),
  }),
];

const event = (name: string, attributes: Attributes): object => ({
  timeUnixNano: `${BEGIN_MS}000000`,
  name,
  attributes: attributesOf(attributes),
});

const toolCalls = (id: string, name: string, given: string): string =>
  JSON.stringify([{ id, type: "function", function: { name, arguments: given } }]);

const EVENT_SPANS = [
  chat(
    1,
    20,
    {},
    {
      events: [
        event("gen_ai.system.message", { content: "You help travellers." }),
        event("gen_ai.user.message", { content: ASKED }),
        event("gen_ai.choice", {
          index: 0,
          finish_reason: "tool_calls",
          message: JSON.stringify({
            role: "assistant",
            tool_calls: JSON.parse(toolCalls("c1", "find_booking", '{"booking_id":"BK-7"}')),
          }),
        }),
      ],
    },
  ),
  chat(
    2,
    120,
    {},
    {
      events: [
        event("gen_ai.user.message", { content: ASKED }),
        event("gen_ai.assistant.message", {
          tool_calls: toolCalls("c1", "find_booking", '{"booking_id":"BK-7"}'),
        }),
        event("gen_ai.tool.message", { id: "c1", content: found }),
        event("gen_ai.choice", {
          index: 0,
          finish_reason: "tool_calls",
          tool_calls: toolCalls("c2", "refund_booking", refund),
        }),
      ],
    },
  ),
  chat(
    3,
    220,
    {},
    {
      events: [
        event("gen_ai.tool.message", { id: "c2", content: `Error: ${FAILED}` }),
        event("gen_ai.choice", { index: 0, tool_calls: toolCalls("c3", "refund_booking", refund) }),
      ],
    },
  ),
  chat(
    4,
    320,
    {},
    {
      events: [
        event("gen_ai.tool.message", { id: "c3", content: paid }),
        event("gen_ai.choice", { index: 0, finish_reason: "stop", content: ANSWERED }),
      ],
    },
  ),
];

/** Numbered keys, as several instrumentations write messages on a model's span. */
const NUMBERED_SPANS = [
  chat(1, 20, {
    "gen_ai.prompt.0.role": "system",
    "gen_ai.prompt.0.content": "You help travellers.",
    "gen_ai.prompt.1.role": "user",
    "gen_ai.prompt.1.content": ASKED,
    "gen_ai.completion.0.role": "assistant",
    "gen_ai.completion.0.finish_reason": "tool_calls",
    "gen_ai.completion.0.tool_calls.0.id": "c1",
    "gen_ai.completion.0.tool_calls.0.name": "find_booking",
    "gen_ai.completion.0.tool_calls.0.arguments": '{"booking_id":"BK-7"}',
  }),
  span(2, "find_booking.tool", 100, {
    "traceloop.span.kind": "tool",
    "traceloop.entity.name": "find_booking",
    "traceloop.entity.input": JSON.stringify({ booking_id: "BK-7" }),
    "traceloop.entity.output": found,
  }),
  span(
    3,
    "refund_booking.tool",
    200,
    {
      "traceloop.span.kind": "tool",
      "traceloop.entity.name": "refund_booking",
      "traceloop.entity.input": refund,
    },
    { status: { code: "STATUS_CODE_ERROR", message: FAILED } },
  ),
  span(4, "refund_booking.tool", 300, {
    "traceloop.span.kind": "tool",
    "traceloop.entity.name": "refund_booking",
    "traceloop.entity.input": refund,
    "traceloop.entity.output": paid,
  }),
  chat(5, 400, {
    "gen_ai.completion.0.role": "assistant",
    "gen_ai.completion.0.content": ANSWERED,
    "gen_ai.completion.0.finish_reason": "stop",
  }),
];

const llm = (start: number, input: Attributes, output: Attributes): Attributes => ({
  "openinference.span.kind": "LLM",
  "llm.model_name": "m-1",
  ...Object.fromEntries(Object.entries(input).map(([key, value]) => [`llm.input_messages.${key}`, value])),
  ...Object.fromEntries(Object.entries(output).map(([key, value]) => [`llm.output_messages.${key}`, value])),
  "llm.token_count.prompt": start,
});

const OPENINFERENCE: readonly Attributes[] = [
  llm(
    1,
    { "0.message.role": "user", "0.message.content": ASKED },
    {
      "0.message.role": "assistant",
      "0.message.tool_calls.0.tool_call.id": "c1",
      "0.message.tool_calls.0.tool_call.function.name": "find_booking",
      "0.message.tool_calls.0.tool_call.function.arguments": '{"booking_id":"BK-7"}',
    },
  ),
  {
    "openinference.span.kind": "TOOL",
    "tool.name": "find_booking",
    "tool.id": "c1",
    "input.value": '{"booking_id":"BK-7"}',
    "input.mime_type": "application/json",
    "output.value": found,
    "output.mime_type": "application/json",
  },
  {
    "openinference.span.kind": "TOOL",
    "tool.name": "refund_booking",
    "input.value": refund,
    "exception.message": FAILED,
  },
  {
    "openinference.span.kind": "TOOL",
    "tool.name": "refund_booking",
    "input.value": refund,
    "output.value": paid,
  },
  llm(
    2,
    { "0.message.role": "user", "0.message.content": ASKED },
    { "0.message.role": "assistant", "0.message.content": ANSWERED },
  ),
];

/** Spans as their viewer exports them: with nested attributes, newest first. */
const PHOENIX = [
  {
    name: "travel",
    span_kind: "AGENT",
    parent_id: null,
    start_time: "2026-10-02T08:00:00.000000+00:00",
    end_time: "2026-10-02T08:00:04.000000+00:00",
    status_code: "OK",
    attributes: {
      input: { value: ASKED },
      output: { value: ANSWERED },
      openinference: { span: { kind: "AGENT" } },
    },
    context: { trace_id: "t1", span_id: "s0" },
  },
  {
    name: "find_booking",
    span_kind: "TOOL",
    parent_id: "s0",
    start_time: "2026-10-02T08:00:01.000000+00:00",
    end_time: "2026-10-02T08:00:01.500000+00:00",
    status_code: "OK",
    attributes: {
      tool: { name: "find_booking" },
      input: { value: '{"booking_id":"BK-7"}' },
      output: { value: found },
    },
    context: { trace_id: "t1", span_id: "s1" },
  },
  {
    name: "refund_booking",
    span_kind: "TOOL",
    parent_id: "s0",
    start_time: "2026-10-02T08:00:02.000000+00:00",
    end_time: "2026-10-02T08:00:02.500000+00:00",
    status_code: "ERROR",
    status_message: FAILED,
    attributes: { tool: { name: "refund_booking" }, input: { value: refund } },
    context: { trace_id: "t1", span_id: "s2" },
  },
  {
    name: "refund_booking",
    span_kind: "TOOL",
    parent_id: "s0",
    start_time: "2026-10-02T08:00:03.000000+00:00",
    end_time: "2026-10-02T08:00:03.500000+00:00",
    status_code: "OK",
    attributes: { tool: { name: "refund_booking" }, input: { value: refund }, output: { value: paid } },
    context: { trace_id: "t1", span_id: "s3" },
  },
].toReversed();

const run = (id: string, name: string, type: string, second: number, more: object) => ({
  id,
  trace_id: "r0",
  parent_run_id: id === "r0" ? null : "r0",
  dotted_order: `20261002T08000${id === "r0" ? 0 : second}000000Zr0${id === "r0" ? "" : `.20261002T08000${second}000000Z${id}`}`,
  name,
  run_type: type,
  start_time: `2026-10-02T08:00:0${second}.000000`,
  end_time: `2026-10-02T08:00:0${second}.500000`,
  error: null,
  ...more,
});

const ROOT_RUN = run("r0", "travel", "chain", 0, {
  inputs: { messages: [{ role: "user", content: ASKED }] },
  outputs: { output: ANSWERED },
});
const TOOL_RUNS = [
  run("r1", "find_booking", "tool", 1, { inputs: { booking_id: "BK-7" }, outputs: { output: found } }),
  run("r2", "refund_booking", "tool", 2, {
    inputs: { input: "{'booking_id': 'BK-7', 'amount_eur': 310.5}" },
    outputs: null,
    error: FAILED,
  }),
  run("r3", "refund_booking", "tool", 3, { inputs: REFUND, outputs: PAID }),
];

const observation = (id: string, type: string, name: string, second: number, more: object) => ({
  id,
  traceId: "lf1",
  type,
  name,
  startTime: `2026-10-02T08:00:0${second}.000Z`,
  endTime: `2026-10-02T08:00:0${second}.400Z`,
  level: "DEFAULT",
  statusMessage: null,
  parentObservationId: id === "o0" ? null : "o0",
  ...more,
});

const OBSERVATIONS = [
  observation("o3", "TOOL", "refund_booking", 3, { input: REFUND, output: PAID }),
  observation("o1", "TOOL", "find_booking", 1, { input: '{"booking_id":"BK-7"}', output: found }),
  observation("o2", "TOOL", "refund_booking", 2, {
    input: REFUND,
    output: null,
    level: "ERROR",
    statusMessage: FAILED,
  }),
  observation("o0", "AGENT", "travel", 0, { input: ASKED, output: ANSWERED }),
];

const generation = (id: string, second: number, input: readonly object[], output: object) =>
  observation(id, "GENERATION", "completion", second, { model: "m-1", input, output });

const AGENTS_SDK = [
  {
    object: "trace.span",
    id: "span_0",
    trace_id: "trace_1",
    parent_id: null,
    started_at: "2026-10-02T08:00:00+00:00",
    ended_at: "2026-10-02T08:00:04+00:00",
    span_data: { type: "agent", name: "travel", tools: ["find_booking", "refund_booking"] },
    error: null,
  },
  {
    object: "trace.span",
    id: "span_g",
    trace_id: "trace_1",
    parent_id: "span_0",
    started_at: "2026-10-02T08:00:00.500+00:00",
    ended_at: "2026-10-02T08:00:00.900+00:00",
    span_data: {
      type: "generation",
      model: "m-1",
      input: [{ role: "user", content: ASKED }],
      output: [ask("call_1", "find_booking", '{"booking_id":"BK-7"}')],
    },
    error: null,
  },
  ...[
    ["find_booking", '{"booking_id":"BK-7"}', found, null],
    ["refund_booking", refund, null, { message: FAILED, data: {} }],
    ["refund_booking", refund, paid, null],
  ].map(([name, input, output, error], index) => ({
    object: "trace.span",
    id: `span_${index + 1}`,
    trace_id: "trace_1",
    parent_id: "span_0",
    started_at: `2026-10-02T08:00:0${index + 1}+00:00`,
    ended_at: `2026-10-02T08:00:0${index + 1}.500+00:00`,
    span_data: { type: "function", name, input, output },
    error,
  })),
  {
    object: "trace.span",
    id: "span_h",
    trace_id: "trace_1",
    parent_id: "span_0",
    started_at: "2026-10-02T08:00:03.700+00:00",
    ended_at: "2026-10-02T08:00:03.900+00:00",
    span_data: {
      type: "generation",
      model: "m-1",
      input: [],
      output: [{ role: "assistant", content: ANSWERED }],
    },
    error: null,
  },
];

const JAEGER = {
  data: [
    {
      traceID: "5b8e",
      spans: [
        {
          traceID: "5b8e",
          spanID: "m",
          operationName: "chat m-1",
          references: [],
          startTime: 1_790_000_000_000_000,
          duration: 50_000,
          tags: [
            { key: "gen_ai.operation.name", type: "string", value: "chat" },
            { key: "gen_ai.input.messages", type: "string", value: JSON.stringify(GENAI.slice(0, 7)) },
            { key: "gen_ai.output.messages", type: "string", value: JSON.stringify(GENAI.slice(7)) },
          ],
          logs: [],
        },
      ],
      processes: {},
    },
  ],
};

/** What `span.to_json()` and console exporters print: pretty objects one after another. */
const CONSOLE = [
  ["find_booking", '{"booking_id":"BK-7"}', found, "1"],
  ["refund_booking", refund, undefined, "2"],
  ["refund_booking", refund, paid, "3"],
]
  .map(([name, given, result, at]) =>
    json({
      name: `execute_tool ${name}`,
      context: { trace_id: "0x5b8e", span_id: `0x0${at}`, trace_state: "[]" },
      kind: "SpanKind.INTERNAL",
      parent_id: "0x00",
      start_time: `2026-10-02T08:00:0${at}.000000Z`,
      end_time: `2026-10-02T08:00:0${at}.500000Z`,
      status: result === undefined ? { status_code: "ERROR", description: FAILED } : { status_code: "UNSET" },
      attributes: {
        "gen_ai.operation.name": "execute_tool",
        "gen_ai.tool.name": name,
        "gen_ai.tool.call.arguments": given,
        ...(result === undefined ? {} : { "gen_ai.tool.call.result": result }),
      },
      events: [],
    }),
  )
  .join("\n");

const fenced = (text: string, language = "json"): string => `\`\`\`${language}\n${text}\n\`\`\``;

const PYTHON = `[{'role': 'user', 'content': '${ASKED}'}, {'role': 'assistant', 'content': None, 'tool_calls': [{'id': 'c1', 'type': 'function', 'function': {'name': 'find_booking', 'arguments': '{"booking_id":"BK-7"}'}}]}, {'role': 'tool', 'tool_call_id': 'c1', 'content': '${found}'}, {'role': 'assistant', 'content': None, 'tool_calls': [{'id': 'c2', 'type': 'function', 'function': {'name': 'refund_booking', 'arguments': '${refund}'}}]}, {'role': 'tool', 'tool_call_id': 'c2', 'content': 'Error: ${FAILED}'}, {'role': 'assistant', 'content': None, 'tool_calls': [{'id': 'c3', 'type': 'function', 'function': {'name': 'refund_booking', 'arguments': '${refund}'}}]}, {'role': 'tool', 'tool_call_id': 'c3', 'content': '${paid}', 'cached': False}, {'role': 'assistant', 'content': "${ANSWERED}"}]`;

const PYTHON_OBJECTS = `[HumanMessage(content='${ASKED}', additional_kwargs={}, response_metadata={}, id='1'),
 AIMessage(content='', tool_calls=[{'name': 'find_booking', 'args': {'booking_id': 'BK-7'}, 'id': 'c1', 'type': 'tool_call'}], usage_metadata={'input_tokens': 10}),
 ToolMessage(content='${found}', name='find_booking', tool_call_id='c1'),
 AIMessage(content='', tool_calls=[{'name': 'refund_booking', 'args': {'booking_id': 'BK-7', 'amount_eur': 310.5}, 'id': 'c2', 'type': 'tool_call'}]),
 ToolMessage(content='${FAILED}', name='refund_booking', tool_call_id='c2', status='error'),
 AIMessage(content='', tool_calls=[{'name': 'refund_booking', 'args': {'booking_id': 'BK-7', 'amount_eur': 310.5}, 'id': 'c3', 'type': 'tool_call'}]),
 ToolMessage(content='${paid}', name='refund_booking', tool_call_id='c3'),
 AIMessage(content='${ANSWERED}', additional_kwargs={})]`;

/** The run in exports and message lists, as programs write them. */
export const EXPORTED: readonly (readonly [string, string])[] = [
  ["Messages API", json(ANTHROPIC)],
  [
    "a request of the Messages API with its answer",
    json({
      request: { model: "m-1", messages: ANTHROPIC.slice(0, 7) },
      response: {
        type: "message",
        role: "assistant",
        content: [{ type: "text", text: ANSWERED }],
        stop_reason: "end_turn",
      },
    }),
  ],
  ["Chat Completions", json(OPENAI)],
  ["Chat Completions, one message a line", lines(OPENAI)],
  [
    "a Chat Completions request with its answer",
    lines([
      { model: "m-1", messages: OPENAI.slice(0, 8) },
      { object: "chat.completion", choices: [{ index: 0, message: OPENAI[8], finish_reason: "stop" }] },
    ]),
  ],
  ["items of the Responses API", json(RESPONSES)],
  [
    "a response of the Responses API",
    json({
      object: "response",
      status: "completed",
      input: RESPONSES.slice(0, 1),
      output: RESPONSES.slice(1),
    }),
  ],
  ["messages of the GenAI conventions", json(GENAI)],
  ["contents of Gemini", json(GEMINI)],
  ["messages of Bedrock's Converse", json(BEDROCK)],
  ["messages of LangChain", json({ messages: LANGCHAIN })],
  [
    "messages of LangChain as it stores them",
    json(LANGCHAIN.map(({ type, ...data }) => ({ type, data: { type, ...data } }))),
  ],
  ["messages of the AI SDK", json(VERCEL)],
  ["a session of a coding agent", lines(SESSION)],
  ["OTLP with spans of tools and models", json(exported([...TOOL_SPANS, ...CHAT_SPANS, agentSpan]))],
  [
    "OTLP, one export a line",
    lines([
      exported(TOOL_SPANS.slice(1)),
      exported([agentSpan, ...TOOL_SPANS.slice(0, 1)]),
      exported(CHAT_SPANS),
    ]),
  ],
  ["OTLP with models' spans only", json(exported(CHAT_SPANS))],
  ["OTLP with the older events", json(exported(EVENT_SPANS))],
  ["OTLP with numbered keys", json(exported(NUMBERED_SPANS))],
  [
    "OTLP with OpenInference attributes",
    json(exported(OPENINFERENCE.map((attributes, index) => span(index, "x", index * 100, attributes)))),
  ],
  ["OpenInference attributes, one span a line", lines(OPENINFERENCE)],
  ["OpenInference spans with nested attributes, newest first", json(PHOENIX)],
  ["LangSmith, a run with its children", json({ ...ROOT_RUN, child_runs: TOOL_RUNS })],
  ["LangSmith, a flat list in no order", json([TOOL_RUNS[2], TOOL_RUNS[0], ROOT_RUN, TOOL_RUNS[1]])],
  ["LangSmith, one run a line", lines([...TOOL_RUNS, ROOT_RUN])],
  [
    "LangSmith without times, by dotted order",
    json(
      [TOOL_RUNS[2], TOOL_RUNS[0], ROOT_RUN, TOOL_RUNS[1]].map((one) => ({
        ...one,
        start_time: undefined,
        end_time: undefined,
      })),
    ),
  ],
  ["Langfuse, a flat list of observations", json(OBSERVATIONS)],
  ["Langfuse, a page of the API", json({ data: OBSERVATIONS, meta: { page: 1 } })],
  [
    "Langfuse, a trace with its observations",
    json({
      id: "lf1",
      name: "travel",
      input: { messages: [{ role: "user", content: ASKED }] },
      output: { role: "assistant", content: ANSWERED },
      observations: OBSERVATIONS.slice(0, 3),
    }),
  ],
  [
    "Langfuse with generations only",
    json([
      generation("g1", 1, OPENAI.slice(0, 2), OPENAI[2] ?? {}),
      generation("g2", 2, OPENAI.slice(0, 4), OPENAI[4] ?? {}),
      generation("g3", 3, OPENAI.slice(0, 6), OPENAI[6] ?? {}),
      generation("g4", 4, OPENAI.slice(0, 8), OPENAI[8] ?? {}),
    ]),
  ],
  ["spans of an agents SDK", json(AGENTS_SDK)],
  ["Jaeger", json(JAEGER)],
  ["spans printed one after another", `User: ${ASKED}\n\n${fenced(CONSOLE)}\n\nAgent: ${ANSWERED}`],
  ["a Python list", PYTHON],
  ["a Python list of objects", fenced(PYTHON_OBJECTS, "python")],
  ["JSON with curly quotes", json(OPENAI.map(({ ...message }) => message)).replaceAll(/(?<!\\)"/g, "”")],
  [
    "JSON with comments and trailing commas",
    `// the run of Friday\n${json(ANTHROPIC)
      .replaceAll(/([}\]"])\n/g, "$1,\n")
      .replaceAll(",,", ",")
      .replaceAll(/,\n(\s*[}\]])/g, ",\n$1")}`.replace(/,\s*$/, ""),
  ],
  [
    "a fence in a list of details",
    `<details><summary>trace</summary>\n\n${fenced(json(ANTHROPIC), "jsonc")}\n\n</details>`,
  ],
  [
    "JSON inside HTML",
    `<pre><code>${json(ANTHROPIC).replaceAll("&", "&amp;").replaceAll('"', "&quot;")}</code></pre>`,
  ],
  [
    "a fence for each message",
    ANTHROPIC.map((message, index) => `${index + 1}.\n${fenced(json(message))}`).join("\n\n"),
  ],
];

/** The run in notes and logs, as people and programs write them. */
export const NOTED: readonly (readonly [string, string])[] = [
  [
    "arrow notes",
    `User: ${ASKED}\n→ find_booking(booking_id="BK-7")\n← ${found}\n→ refund_booking(booking_id="BK-7", amount_eur=310.5)\n← error: ${FAILED}\n→ refund_booking(booking_id="BK-7", amount_eur=310.5)\n← ${paid}\nAgent: ${ANSWERED}`,
  ],
  [
    "arrows between parties",
    `user → agent: ${ASKED}\nagent → find_booking: {"booking_id": "BK-7"}\nfind_booking → agent: ${found}\nagent → refund_booking: ${refund}\nrefund_booking → agent: ERROR ${FAILED}\nagent → refund_booking: ${refund}\nrefund_booking → agent: ${paid}\nagent → user: ${ANSWERED}`,
  ],
  [
    "arrows between parties and a tool",
    `1. user -> agent: "${ASKED}"\n2. agent -> tool: find_booking({"booking_id": "BK-7"})\n3. tool -> agent: ${found}\n4. agent -> tool: refund_booking(${refund})\n5. tool -> agent: error: ${FAILED}\n6. agent -> tool: refund_booking(${refund})\n7. tool -> agent: ${paid}\n8. agent -> user: "${ANSWERED}"`,
  ],
  [
    "fat arrows on one line each",
    `customer => bot: ${ASKED}\nbot => find_booking(booking_id: "BK-7") => ${found}\nbot => refund_booking(booking_id: "BK-7", amount_eur: 310.5) => Error: ${FAILED}\nbot => refund_booking(booking_id: "BK-7", amount_eur: 310.5) => ${paid}\nbot => customer: ${ANSWERED}`,
  ],
  [
    "numbered steps",
    `1. The user wrote: "${ASKED}"\n2. Agent calls find_booking with ${JSON.stringify({ booking_id: "BK-7" })}\n3. find_booking returned ${found}\n4. Agent calls refund_booking with ${refund}\n5. refund_booking failed: ${FAILED}\n6. Agent calls refund_booking again with ${refund}\n7. refund_booking returned ${paid}\n8. Agent replied: "${ANSWERED}"`,
  ],
  [
    "a log with times",
    fenced(
      `[12:03:04] USER ${ASKED}\n[12:03:05] TOOL find_booking {"booking_id": "BK-7"} -> ${found}\n[12:03:06] TOOL refund_booking ${refund} -> ERROR: ${FAILED}\n[12:03:08] TOOL refund_booking ${refund} -> ${paid}\n[12:03:09] AGENT ${ANSWERED}`,
      "",
    ),
  ],
  [
    "a log of keys and values",
    `2026-10-02T08:00:00.120Z INFO role=user content="${ASKED}"\n2026-10-02T08:00:01.120Z INFO event=tool_call tool=find_booking args={"booking_id":"BK-7"} result=${found}\n2026-10-02T08:00:02.120Z ERROR event=tool_call tool=refund_booking args=${refund} error="${FAILED}"\n2026-10-02T08:00:03.120Z INFO event=tool_call tool=refund_booking args=${refund} result=${paid}\n2026-10-02T08:00:04.120Z INFO role=assistant content="${ANSWERED}"`,
  ],
  [
    "a log of JSON lines",
    lines([
      { ts: "08:00", level: "info", event: "user_message", content: ASKED },
      { ts: "08:01", event: "tool_call", tool: "find_booking", args: { booking_id: "BK-7" } },
      { ts: "08:01", event: "tool_result", tool: "find_booking", result: FOUND },
      { ts: "08:02", event: "tool_call", tool: "refund_booking", args: REFUND },
      { ts: "08:02", event: "tool_error", tool: "refund_booking", error: FAILED },
      { ts: "08:03", event: "tool_call", tool: "refund_booking", args: REFUND },
      { ts: "08:03", event: "tool_result", tool: "refund_booking", result: PAID },
      { ts: "08:04", event: "assistant_message", content: ANSWERED },
    ]),
  ],
  [
    "a shell",
    fenced(
      `> ${ASKED}\n$ find_booking --booking-id BK-7\n${json(FOUND)}\n$ refund_booking --booking-id BK-7 --amount-eur 310.5\nError: ${FAILED}\n$ refund_booking --booking-id=BK-7 --amount-eur=310.5\n${paid}\n# agent: ${ANSWERED}`,
      "console",
    ),
  ],
  [
    "thoughts and actions",
    `Question: ${ASKED}\nThought: I look it up.\nAction: find_booking\nAction Input: {"booking_id": "BK-7"}\nObservation: ${found}\nThought: refund\nAction: refund_booking\nAction Input: ${refund}\nObservation: Error: ${FAILED}\nThought: again\nAction: refund_booking\nAction Input: ${refund}\nObservation: ${paid}\nThought: I now know the final answer.\nFinal Answer: ${ANSWERED}`,
  ],
  [
    "a table",
    `| # | who | what | result |\n|---|---|---|---|\n| 1 | user | ${ASKED} | |\n| 2 | tool | \`find_booking(booking_id="BK-7")\` | \`${found}\` |\n| 3 | tool | \`refund_booking(booking_id="BK-7", amount_eur=310.5)\` | error: ${FAILED} |\n| 4 | tool | \`refund_booking(booking_id="BK-7", amount_eur=310.5)\` | \`${paid}\` |\n| 5 | agent | ${ANSWERED} | |`,
  ],
  [
    "a terminal of a coding agent",
    fenced(
      `> ${ASKED}\n\n⏺ find_booking(booking_id: "BK-7")\n  ⎿  ${found}\n\n⏺ refund_booking(booking_id: "BK-7", amount_eur: 310.5)\n  ⎿  Error: ${FAILED}\n\n⏺ refund_booking(booking_id: "BK-7", amount_eur: 310.5)\n  ⎿  ${paid}\n\n⏺ ${ANSWERED}`,
      "",
    ),
  ],
  [
    "printed messages",
    fenced(
      `================================ Human Message =================================\n\n${ASKED}\n================================== Ai Message ==================================\nTool Calls:\n  find_booking (c1)\n Call ID: c1\n  Args:\n    booking_id: BK-7\n================================= Tool Message =================================\nName: find_booking\n\n${found}\n================================== Ai Message ==================================\nTool Calls:\n  refund_booking (c2)\n Call ID: c2\n  Args:\n    booking_id: BK-7\n    amount_eur: 310.5\n================================= Tool Message =================================\nName: refund_booking\n\nError: ${FAILED}\n================================== Ai Message ==================================\nTool Calls:\n  refund_booking (c3)\n Call ID: c3\n  Args:\n    booking_id: BK-7\n    amount_eur: 310.5\n================================= Tool Message =================================\nName: refund_booking\n\n${paid}\n================================== Ai Message ==================================\n\n${ANSWERED}`,
      "",
    ),
  ],
  [
    "an invoking chain",
    `Human: ${ASKED}\n\n> Entering new AgentExecutor chain...\n\nInvoking: \`find_booking\` with \`{'booking_id': 'BK-7'}\`\n\n\n${found}\nInvoking: \`refund_booking\` with \`{'booking_id': 'BK-7', 'amount_eur': 310.5}\`\n\n\nError: ${FAILED}\nInvoking: \`refund_booking\` with \`{'booking_id': 'BK-7', 'amount_eur': 310.5}\`\n\n\n${paid}\nAI: ${ANSWERED}\n\n> Finished chain.`,
  ],
  [
    "labelled lines with bold names",
    `**User:** ${ASKED}\n\n**Tool call:** \`find_booking\`\n**Arguments:** \`{"booking_id": "BK-7"}\`\n**Result:** \`${found}\`\n\n**Tool call:** \`refund_booking\`\n**Arguments:** \`${refund}\`\n**Error:** ${FAILED}\n\n**Tool call:** \`refund_booking\`\n**Arguments:** \`${refund}\`\n**Result:** \`${paid}\`\n\n**Assistant:** ${ANSWERED}`,
  ],
  [
    "tags",
    `Human: ${ASKED}\n<tool_call>\n{"name": "find_booking", "arguments": {"booking_id": "BK-7"}}\n</tool_call>\n<tool_response>\n${found}\n</tool_response>\n<tool_call>\n{"name": "refund_booking", "arguments": ${refund}}\n</tool_call>\n<tool_response>\nError: ${FAILED}\n</tool_response>\n<tool_call>\n{"name": "refund_booking", "arguments": ${refund}}\n</tool_call>\n<tool_response>\n${paid}\n</tool_response>\nAssistant: ${ANSWERED}`,
  ],
  [
    "results spread over lines",
    `User: ${ASKED}\n-> find_booking({\n  "booking_id": "BK-7"\n})\n<- ${json(FOUND)}\n-> refund_booking(${json(REFUND)})\n<- Error: ${FAILED}\n-> refund_booking(${json(REFUND)})\n<- ${json(PAID)}\nAssistant: ${ANSWERED}`,
  ],
];
