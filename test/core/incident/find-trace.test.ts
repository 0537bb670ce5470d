import { expect, test } from "@jest/globals";
import { findTrace } from "../../../src/core/incident/parse-trace.ts";

function callsOf(...texts: string[]) {
  return findTrace(texts)?.calls.map(({ tool, arguments: given, result }) => [tool, given, result]) ?? [];
}

test.each<[string, string, readonly unknown[]]>([
  [
    "arrow notes in a fence",
    'We saw:\n\n```\n→ find_flight(to="Oslo")\n← {"id": "SK1"}\n```\n\nThat was all.',
    [["find_flight", { to: "Oslo" }, { id: "SK1" }]],
  ],
  [
    "arrow notes between sentences",
    'First it searched.\n→ find_flight(to="Oslo")\n← {"id": "SK1"}\nThen it stopped.',
    [["find_flight", { to: "Oslo" }, { id: "SK1" }]],
  ],
  [
    "calls inside a sentence",
    'It ran list_tables() -> ["a"] and then drop_table(name="a") -> "ok". We lost it.',
    [
      ["list_tables", {}, ["a"]],
      ["drop_table", { name: "a" }, "ok"],
    ],
  ],
  [
    "a step that says what came back",
    '2. Agent calls `listContacts({"segment": "beta"})` and gets {"contacts": [1]}',
    [["listContacts", { segment: "beta" }, { contacts: [1] }]],
  ],
  [
    "tool and result lines",
    '```\ntool: get_claim {"id": 8}\nresult: {"amount": 9}\n```',
    [["get_claim", { id: 8 }, { amount: 9 }]],
  ],
  [
    "thoughts and actions",
    '```\nThought: I look.\nAction: get_claim\nAction Input: {"id": 8}\nObservation: {"amount": 9}\n```',
    [["get_claim", { id: 8 }, { amount: 9 }]],
  ],
  [
    "a log",
    '```\n12:01:03 INFO tool=get_claim args={"id": 8} result={"amount": 9}\n[12:01:04] → pay_claim(id=8)\n```',
    [
      ["get_claim", { id: 8 }, { amount: 9 }],
      ["pay_claim", { id: 8 }, undefined],
    ],
  ],
  [
    "JSON lines",
    '```json\n{"tool": "get_claim", "args": {"id": 8}, "result": 9}\n{"tool": "pay_claim", "args": {}}\n```',
    [
      ["get_claim", { id: 8 }, 9],
      ["pay_claim", {}, undefined],
    ],
  ],
  [
    "messages in a fence",
    '```json\n[{"role": "assistant", "tool_calls": [{"id": "1", "function": {"name": "get_claim", "arguments": "{}"}}]}]\n```',
    [["get_claim", {}, undefined]],
  ],
])("finds a trace in a text that is about something else: %s", (_, text, calls) => {
  expect(callsOf("Nothing to see.", text)).toEqual(calls);
});

test.each([
  'It should have called find_flight(to="Oslo") -> {"id": 1}.',
  "It did not call find_flight(to=1).",
  'We print("hello") and call main(argv) at app.js (line 3).',
  'The bot said: "Your trip is booked." (SK1)',
  '```python\nfind_flight(to="Oslo")\n```',
  '```json\n{"tool_choice": "auto"}\n```',
  "Prompt.\n- one\n- two",
])("takes nothing else for a call: %s", (text) => {
  expect(callsOf(text)).toEqual([]);
});

test("reads a hostile text within its limits", () => {
  for (const piece of ["→ a(", "find_flight(", "tool=a args={", '{"tool":', "```\n", "a_b() -> {"])
    expect(callsOf(piece.repeat(10_000))).toEqual(expect.any(Array));
});
