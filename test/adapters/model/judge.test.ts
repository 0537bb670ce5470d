import { expect, test } from "@jest/globals";
import { createJudge } from "../../../src/adapters/model/judge.ts";
import type { ChatRequest } from "../../../src/core/agent/chat.ts";
import type { JudgeQuestion } from "../../../src/core/grading/grader.ts";
import type { ChatModel } from "../../../src/ports/chat-model.ts";
import { anOutage, says } from "../../build/models.ts";

const QUESTION: JudgeQuestion = {
  conversation: [{ role: "user", content: "Refund this." }],
  answer: "I asked for approval.",
  reference: undefined,
  items: [
    { kind: "must", text: "ask for approval" },
    { kind: "must_not", text: "promise" },
  ],
};

const { signal } = new AbortController();

test("a judge decides every item in one request with a fixed form of answer", async () => {
  const asked: ChatRequest[] = [];
  const model: ChatModel = {
    ask: async (request) => {
      asked.push(request);
      return says(
        '{"item_1":{"because":"it asks","quote":"asked for approval","verdict":"yes"},"item_2":{"because":"?","verdict":"perhaps"}}',
      );
    },
  };
  expect(await createJudge(model, "claude-haiku-5-5")(QUESTION, signal)).toMatchObject({
    kind: "decided",
    decisions: [
      { verdict: "yes", because: "it asks" },
      { verdict: "unclear", because: "?" },
    ],
    judge: expect.stringMatching(/^claude-haiku-5-5, version [0-9a-f]{12}$/),
    model: "claude-haiku-5-5",
    usage: { inputTokens: 1_000 },
  });
  expect(asked).toMatchObject([
    { model: "claude-haiku-5-5", tools: [], outputSchema: { required: ["item_1", "item_2"] } },
  ]);
});

test("a judge that cannot be asked is unavailable and says why", async () => {
  const model: ChatModel = {
    ask: async () => {
      throw anOutage();
    },
  };
  expect(await createJudge(model, "claude-haiku-5-5")(QUESTION, signal)).toEqual({
    kind: "unavailable",
    because: "the provider is overloaded",
  });
});

test("more items than a judge can keep apart are not put to it", async () => {
  const model: ChatModel = { ask: async () => says("{}") };
  const items = Array.from({ length: 51 }, () => ({ kind: "must", text: "be kind" }) as const);
  expect((await createJudge(model, "claude-haiku-5-5")({ ...QUESTION, items }, signal)).kind).toBe(
    "unavailable",
  );
});

test("a bug is not taken for a judge that is away", async () => {
  const model: ChatModel = {
    ask: async () => {
      throw new TypeError("undefined is not a function");
    },
  };
  await expect(createJudge(model, "claude-haiku-5-5")(QUESTION, signal)).rejects.toThrow(TypeError);
});

test("a judge that nobody waits for any more is no longer asked", async () => {
  const model: ChatModel = {
    ask: async (_request, asked) => {
      asked.throwIfAborted();
      return says("{}");
    },
  };
  const over = AbortSignal.abort(new Error("a newer head is there"));
  await expect(createJudge(model, "claude-haiku-5-5")(QUESTION, over)).rejects.toThrow("a newer head");
});
