import { expect, test } from "@jest/globals";
import { matchRecording } from "../../../src/core/trajectory/recordings.ts";

const RECORDINGS = [
  { when: { order_id: "a", items: [1, 2] }, return: "first" },
  { when: { order_id: "a" }, return: "second" },
  { when: { order_id: "b", customer: { tier: "gold", country: "DE" } }, return: "third" },
];

test.each([
  { call: { order_id: "a", items: [1, 2], more: true }, answer: "first" },
  { call: { order_id: "a", items: [2, 1] }, answer: "second" },
  { call: { order_id: "b", customer: { tier: "gold", country: "DE", age: 3 } }, answer: "third" },
])("the call $call is answered by the $answer recording that it holds", ({ call, answer }) => {
  expect(matchRecording(RECORDINGS, "read_order", call)).toMatchObject({
    kind: "recorded",
    recording: { return: answer },
  });
});

test("a recording without arguments answers every call", () => {
  expect(matchRecording([{ return: 1 }], "read_order", { any: "thing" }).kind).toBe("recorded");
});

test.each([
  { call: { order_id: "c", items: [1, 2] }, nearest: { order_id: "a", items: [1, 2] } },
  { call: { order_id: "c", customer: { tier: "gold" } }, nearest: RECORDINGS[2]?.when },
  { call: {}, nearest: RECORDINGS[0]?.when },
])("the call $call has no answer, and the nearest recording is shown", ({ call, nearest }) => {
  expect(matchRecording(RECORDINGS, "read_order", call)).toEqual({
    kind: "gap",
    gap: { tool: "read_order", arguments: call, nearest },
  });
});

test("a tool without recordings has no nearest one", () => {
  expect(matchRecording([], "read_order", { order_id: "a" })).toEqual({
    kind: "gap",
    gap: { tool: "read_order", arguments: { order_id: "a" }, nearest: undefined },
  });
});
