import { expect, test } from "@jest/globals";
import type { ReportedCall } from "../../../src/core/incident/postmortem.ts";
import { readCalls } from "../../../src/core/incident/read-calls.ts";

function call(
  tool: string,
  given?: ReportedCall["arguments"],
  result?: ReportedCall["result"],
): ReportedCall {
  return { tool, arguments: given, result };
}

test.each<[string, string, readonly ReportedCall[]]>([
  [
    "arrow notes",
    '→ read_order(order_id="x", n=2)\n← {"total": 480}',
    [call("read_order", { order_id: "x", n: 2 }, { total: 480 })],
  ],
  ["ASCII arrows", "-> lookup(user: 'a, b')\n<- found", [call("lookup", { user: "a, b" }, "found")]],
  ["a result on the line", 'find({"a":1}) → {"b":[2]}', [call("find", { a: 1 }, { b: [2] })]],
  ["a failure", "→ pay(amount=5)\n← error: timeout", [{ ...call("pay", { amount: 5 }), error: "timeout" }]],
  ["an unknown result", "pay() → ?", [call("pay", {})]],
  ["unknown arguments", "pay(...)", [call("pay")]],
  [
    "nested arguments",
    'book(trip={"to": "Rome (IT)"}, seats=[1, 2])',
    [call("book", { trip: { to: "Rome (IT)" }, seats: [1, 2] })],
  ],
  ["positional arguments, which have no names", "pay(5)", [call("pay")]],
  [
    "bullets with bare names",
    "- `read_order`\n- issue_refund\n* web.search",
    [call("read_order"), call("issue_refund"), call("web.search")],
  ],
  ["names and commas", "read_order, issue_refund", [call("read_order"), call("issue_refund")]],
  [
    "a chain on one line",
    "read_order → issue_refund → send_email",
    [call("read_order"), call("issue_refund"), call("send_email")],
  ],
  ["names in a sentence", "It called `issue_refund` twice.", [call("issue_refund")]],
  ["a sentence without any", "It called nothing at all.", []],
  [
    "shell lines",
    "$ rm -rf build\n$ issue_refund --order-id ord_1 --amount 5",
    [call("shell", { command: "rm -rf build" }), call("issue_refund", { order_id: "ord_1", amount: 5 })],
  ],
  [
    "a JSON list",
    '```json\n[{"name":"pay","arguments":"{\\"a\\":1}","result":{"ok":true}}]\n```',
    [call("pay", { a: 1 }, { ok: true })],
  ],
  ["JSON lines", '{"tool":"a","args":{"x":1}}\n{"tool":"b","args":{}}', [call("a", { x: 1 }), call("b", {})]],
  ["chat tool calls", '[{"type":"function","function":{"name":"pay","arguments":"{}"}}]', [call("pay", {})]],
  ["Python words", "set_flag(on=True, note=None)", [call("set_flag", { on: true, note: null })]],
])("reads %s", (_, text, calls) => {
  expect(readCalls(text)).toEqual(calls);
});

test.each(["(", "a(", 'a("', "→ ", "[", "a(b=[", "`"])("reads a field of nothing but %j", (piece) => {
  expect(Array.isArray(readCalls(piece.repeat(65_536 / piece.length)))).toBe(true);
});
