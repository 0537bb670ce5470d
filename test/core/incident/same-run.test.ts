import { expect, test } from "@jest/globals";
import { parseTrace } from "../../../src/core/incident/parse-trace.ts";
import { ANSWERED, ASKED, CALLS, EXPORTED, NOTED } from "../../build/same-run.ts";

/** What every telling of the run shows of what the agent did. */
const TRAJECTORY = {
  spans: CALLS.map(({ tool, arguments: given, result, error }, index) => ({
    id: `s${index + 1}`,
    kind: "tool",
    name: `tool:${tool}`,
    status: error === undefined ? "succeeded" : "failed",
    call: { tool, arguments: given },
    ...(result === undefined ? {} : { result }),
    ...(error === undefined ? {} : { error: { type: "error", message: error } }),
    startMs: 0,
    durationMs: 0,
  })),
  stopReason: "completed",
  output: ANSWERED,
  usage: { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 },
  turns: 0,
  latencyMs: 0,
  gaps: [],
};

test.each([...EXPORTED, ...NOTED])(
  "a run told as %s shows the same calls, question and answer",
  (_, text) => {
    const trace = parseTrace(text);
    expect(trace?.calls).toEqual(CALLS);
    expect(trace?.messages.find(({ role }) => role === "user")).toEqual({ role: "user", content: ASKED });
    expect(trace?.trajectory).toEqual(TRAJECTORY);
    expect(trace?.problems).toEqual([]);
  },
);
