import { expect, test } from "@jest/globals";
import { parseTrace } from "../../../src/core/incident/parse-trace.ts";
import { readJsonOrLines } from "../../../src/core/incident/read-json.ts";

const WRAPPED = `{"messages": [
  {"role": "user", "content": "Move my trip"},
  {"role": "assistant", "content": [{"type": "tool_use", "id": "t1", "name": "find_booking", "input": {"id": "B1"}}]},
  {"role": "assistant", "content": "Moved."}
]}`;

test.each([
  ["one value over several lines", '{"a": [\n {"b": 1},\n {"b": 2}\n]}', { a: [{ b: 1 }, { b: 2 }] }],
  ["one value between lines of prose", 'Here it is:\n[\n{"b": 1}\n]\nThat is all.', [{ b: 1 }]],
  ["JSON lines with a torn one", '{"b": 1}\n{"b": 2}\n{"b": ', [{ b: 1 }, { b: 2 }]],
  [
    "pieces of one broken value, of which the last happens to be JSON",
    '[\n{"b": 1},\n{"b": 2},\n{"b": 3}\n',
    undefined,
  ],
  ["prose", "It moved the trip.", undefined],
])("%s is read as what it is", (_, text, value) => {
  expect(readJsonOrLines(text)).toEqual(value);
});

test.each([
  ["fenced", `\`\`\`json\n${WRAPPED}\n\`\`\``],
  ["after a sentence", `The log of the run:\n\n${WRAPPED}`],
])("a request's messages spread over lines are a whole trace, %s", (_, written) => {
  expect(parseTrace(written)?.calls.map(({ tool }) => tool)).toEqual(["find_booking"]);
});
