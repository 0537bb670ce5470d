import { describe, expect, test } from "@jest/globals";
import type { ChatAnswer } from "../../../src/core/agent/chat.ts";
import { replay } from "../../../src/core/trial/replay.ts";
import type { TrialSetting } from "../../../src/core/trial/run-trial.ts";
import { aFixture } from "../../build/fixtures.ts";
import { aModel, anAgent, aTrialSetting, calls, says } from "../../build/models.ts";

async function replayed(answers: readonly ChatAnswer[], setting: Partial<TrialSetting> = {}) {
  const model = aModel(answers);
  const trajectory = await replay(aTrialSetting({ askModel: model, ...setting }));
  return { trajectory, asked: model.asked, names: trajectory.spans.map(({ name }) => name) };
}

const refund = (overrides: Parameters<typeof anAgent>[0]) => new Map([["refund", anAgent(overrides)]]);

test("an agent that calls nothing completes with what it said", async () => {
  const { trajectory } = await replayed([says("Hello.")]);
  expect(trajectory).toMatchObject({
    stopReason: "completed",
    output: "Hello.",
    turns: 1,
    latencyMs: 200,
    usage: { inputTokens: 1_000, outputTokens: 100 },
    gaps: [],
  });
});

test("a recorded tool answers, its side effect is captured, and the agent is told the result", async () => {
  const { trajectory, asked, names } = await replayed([
    calls({ read_order: { order_id: "o1" } }, "Let me look."),
    calls({ issue_refund: { amount: 480 } }),
    says("Refunded."),
  ]);
  expect(names).toEqual([
    "model:claude-sonnet-5-5",
    "tool:read_order",
    "model:claude-sonnet-5-5",
    "tool:issue_refund",
    "model:claude-sonnet-5-5",
  ]);
  expect(trajectory.spans[3]).toMatchObject({
    id: "2.1",
    status: "succeeded",
    sideEffect: "money",
    startMs: 400,
  });
  expect(asked[1]?.turns.at(-1)).toEqual({
    role: "user",
    parts: [
      {
        kind: "tool_result",
        id: "call_read_order",
        content: '{"total":480,"currency":"USD"}',
        isError: false,
      },
    ],
  });
  expect(trajectory.usage.inputTokens).toBe(3_000);
});

test("a recorded error reaches the agent as an error", async () => {
  const fixture = aFixture({ tools: { read_order: { error: "the shop is closed" } } });
  const { trajectory, asked } = await replayed([calls({ read_order: {} }), says("Sorry.")], { fixture });
  expect(trajectory.spans[1]?.status).toBe("failed");
  expect(asked[1]?.turns.at(-1)?.parts[0]).toMatchObject({ content: "the shop is closed", isError: true });
});

test("a call without a recording ends the replay, and every such call of the turn is listed", async () => {
  const fixture = aFixture({ tools: { read_order: { when: { order_id: "o1" }, return: 1 } } });
  const { trajectory, asked } = await replayed(
    [calls({ read_order: { order_id: "o2" }, issue_refund: { amount: 1 } })],
    { fixture },
  );
  expect(trajectory.stopReason).toBe("no_recording");
  expect(trajectory.gaps).toEqual([
    {
      tool: "read_order",
      arguments: { order_id: "o2" },
      nearest: { order_id: "o1" },
      differs: ['order_id is "o2", where "o1" is wanted'],
    },
    { tool: "issue_refund", arguments: { amount: 1 }, nearest: undefined, differs: [] },
  ]);
  expect(asked).toHaveLength(1);
});

test.each(["delete_database", "constructor", "__proto__"])(
  "a tool %s that the agent does not have fails, and the agent may go on",
  async (tool) => {
    const { trajectory, asked } = await replayed([calls(Object.fromEntries([[tool, {}]])), says("Sorry.")]);
    expect(trajectory.spans[1]).toMatchObject({ name: `tool:${tool}`, status: "failed" });
    expect(asked[1]?.turns.at(-1)?.parts[0]).toMatchObject({
      content: `no such tool: ${tool}`,
      isError: true,
    });
    expect(trajectory.stopReason).toBe("completed");
  },
);

describe("spans that mean more than a tool call", () => {
  const spans = {
    request_approval: { as: "approval:required", stop: "needs_human_approval" },
    read_order: { as: "policy:order_known" },
  };

  test("a declared stop ends the run after its turn, needs no recording and leaves an approval waiting", async () => {
    const { trajectory, names } = await replayed(
      [calls({ request_approval: { amount: 480 }, read_order: {} }, "I ask a colleague.")],
      { agents: refund({ spans }) },
    );
    expect(trajectory).toMatchObject({
      stopReason: "needs_human_approval",
      output: "I ask a colleague.",
      gaps: [],
    });
    expect(names.slice(1)).toEqual(["approval:required", "policy:order_known"]);
    expect(trajectory.spans[1]).toMatchObject({ kind: "approval", status: "waiting" });
  });

  test.each([
    { answer: { approved: true }, status: "succeeded" },
    { answer: { status: "granted" }, status: "succeeded" },
    { answer: "approved", status: "succeeded" },
    { answer: { approved: false }, status: "denied" },
    { answer: { decision: "Denied" }, status: "denied" },
    { answer: { ok: true }, status: "waiting" },
    { answer: { status: "pending" }, status: "waiting" },
  ])("an approval that is answered with $answer is $status", async ({ answer, status }) => {
    const { trajectory } = await replayed([calls({ request_approval: {} }), says("Well.")], {
      agents: refund({ spans: { request_approval: { as: "approval:required" } } }),
      fixture: aFixture({ tools: { request_approval: { return: answer } } }),
    });
    expect(trajectory.spans[1]?.status).toBe(status);
  });
});

describe("retrieval", () => {
  const documents = [
    { source: "refund_policy", content: "Refunds need approval." },
    { source: "refund_limits", content: "A refund has limits." },
  ];
  const agents = refund({ retrieval: { tool: "search_docs", documents } });

  test("each served document is a span, and the first holds the call", async () => {
    const { trajectory, asked } = await replayed([calls({ search_docs: { query: "refund" } }), says("Ok.")], {
      agents,
    });
    const searched = trajectory.spans.filter(({ kind }) => kind === "retrieval");
    expect(searched.map(({ name }) => name)).toEqual(["retrieval:refund_policy", "retrieval:refund_limits"]);
    expect(searched.map(({ call }) => call?.tool)).toEqual(["search_docs", undefined]);
    expect(asked[1]?.turns.at(-1)?.parts[0]).toMatchObject({
      content: expect.stringContaining("has limits"),
    });
  });

  test("documents that the fixture pins are served instead", async () => {
    const context = { documents: [{ source: "old_policy", content: "Refunds are free." }] };
    const fixture = aFixture({ input: { messages: [{ role: "user", content: "Refund." }], context } });
    const { names } = await replayed([calls({ search_docs: { query: "refund" } }), says("Ok.")], {
      agents,
      fixture,
    });
    expect(names[1]).toBe("retrieval:old_policy");
  });

  test("a search that finds nothing is seen", async () => {
    const { names } = await replayed([calls({ search_docs: { query: "weather" } }), says("Ok.")], { agents });
    expect(names[1]).toBe("retrieval:none");
  });
});

test("a hand-over gives the next request the other agent's prompt, tools and model", async () => {
  const support = anAgent({ name: "support", system: "You support.", model: "claude-haiku-5-5", tools: [] });
  const agents = new Map([
    ["refund", anAgent({ handoffs: { escalate: "support" } })],
    ["support", support],
  ]);
  const { names, asked } = await replayed([calls({ escalate: {} }), says("Support here.")], { agents });
  expect(names).toEqual(["model:claude-sonnet-5-5", "workflow:support", "model:claude-haiku-5-5"]);
  expect(asked[1]).toMatchObject({ model: "claude-haiku-5-5", system: ["You support."], tools: [] });
});

test("the fixture's memory and state follow the agent's own prompt, and documents where it has no search", async () => {
  const context = {
    memory: ["Likes short answers."],
    state: { order_id: "o1" },
    documents: [{ source: "note", content: "Be kind." }],
  };
  const fixture = aFixture({ input: { messages: [{ role: "user", content: "Hi." }], context } });
  const { asked } = await replayed([says("Hi.")], { fixture });
  expect(asked[0]?.system).toEqual([
    "You refund orders.",
    '# Memory\n- Likes short answers.\n\n# State\n{"order_id":"o1"}\n\n# Documents\n[{"source":"note","content":"Be kind."}]',
  ]);
});

test.each([
  { why: "a refusal", answer: { ...says("No."), stop: "refusal" as const }, stopReason: "refused" },
  {
    why: "an answer that was cut off",
    answer: { ...says("I w"), stop: "max_tokens" as const },
    stopReason: "max_tokens",
  },
])("$why ends the run as $stopReason", async ({ answer, stopReason }) => {
  expect((await replayed([answer])).trajectory.stopReason).toBe(stopReason);
});

test("an agent that never ends is stopped at its turns", async () => {
  const { trajectory } = await replayed(
    Array.from({ length: 3 }, () => calls({ read_order: {} })),
    { agents: refund({ maxTurns: 3 }) },
  );
  expect(trajectory).toMatchObject({ stopReason: "max_turns", turns: 3 });
});

test("more calls in one turn than any agent needs are not followed", async () => {
  const [call] = calls({ read_order: {} }).parts;
  const flood: ChatAnswer = {
    ...says(""),
    parts: Array.from({ length: 51 }, () => call ?? { kind: "text", text: "" }),
  };
  expect((await replayed([flood])).trajectory).toMatchObject({ stopReason: "max_turns", turns: 1 });
});

test("a run that is given up asks no model", async () => {
  const signal = AbortSignal.abort(new Error("a newer head is there"));
  await expect(replayed([says("Hi.")], { signal })).rejects.toThrow("a newer head is there");
});

test.each([
  ["is cut off", { ...calls({ issue_refund: {} }), stop: "max_tokens" as const }, "max_tokens"],
  [
    "makes more calls than a turn may",
    {
      ...calls({ issue_refund: {} }),
      parts: Array.from({ length: 60 }, (_, at) => ({
        kind: "tool_call" as const,
        id: `call_${at}`,
        tool: at === 55 ? "issue_refund" : "read_order",
        arguments: {},
      })),
    },
    "max_turns",
  ],
])("what an answer that %s calls for was called for, and is not answered", async (_, answer, stopReason) => {
  const trajectory = await replay(aTrialSetting({ askModel: aModel([answer]) }));
  expect(trajectory.stopReason).toBe(stopReason);
  expect(trajectory.spans.find(({ name }) => name === "tool:issue_refund")).toMatchObject({
    status: "failed",
    error: { message: "the run ended before this call was answered" },
  });
});
