import { describe, expect, test } from "@jest/globals";
import type { WrittenFixture } from "../../../src/core/fixture/fixture.ts";
import { assertionsOf } from "../../../src/core/grading/assertions.ts";
import { gradeTrajectory } from "../../../src/core/grading/grade-trajectory.ts";
import type { Grade } from "../../../src/core/grading/grader.ts";
import type { JsonObject } from "../../../src/core/json.ts";
import type { Span, SpanKind, Trajectory } from "../../../src/core/trajectory/trajectory.ts";
import { aFixture } from "../../build/fixtures.ts";
import { NO_JUDGE } from "../../build/models.ts";
import { aSpan, aTrajectory } from "../../build/reports.ts";

type Asserted = NonNullable<WrittenFixture["expect"]["not"]>;

async function gradeOf(expected: WrittenFixture["expect"], trajectory: Trajectory): Promise<Grade> {
  const state = { order: { status: "open" }, customer: "standard" };
  const input = { messages: [{ role: "user" as const, content: "Refund." }], context: { state } };
  const fixture = aFixture({ expect: expected, input });
  const evidence = { trajectory, fixture, costUsd: 0, askJudge: NO_JUDGE };
  const [first, ...others] = await gradeTrajectory(assertionsOf(fixture), evidence);
  if (first === undefined || others.length > 0) throw new Error("a row asserts one thing");
  return first.grade;
}

interface Row {
  readonly says: string;
  readonly expected: Asserted;
  readonly spans: readonly Span[];
  readonly of?: Partial<Trajectory>;
  readonly kind: Grade["kind"];
  /** The span where expected and observed part, of a failure. */
  readonly at?: string;
}

const FLIPPED = { pass: "fail", fail: "pass", ungraded: "ungraded" } as const;

/** Grades every row as it stands, and under `not`, where all but what is open turns round. */
function holds(rows: readonly Row[]): void {
  test.each(rows)("$kind: $says", async ({ expected, spans, of, kind, at }) => {
    const trajectory = aTrajectory([], { spans, ...of });
    const grade = await gradeOf(expected, trajectory);
    expect(grade.kind).toBe(kind);
    if (at !== undefined) expect(grade).toMatchObject({ spanId: at });
    expect((await gradeOf({ not: expected }, trajectory)).kind).toBe(FLIPPED[kind]);
  });
}

const model = (overrides: Partial<Span> = {}) => aSpan("model:m", { agent: "refund", ...overrides });
const call = (tool: string, made: JsonObject = {}, overrides: Partial<Span> = {}): Span =>
  aSpan(`tool:${tool}`, { call: { tool, arguments: made }, ...overrides });
const kinds = (...others: SpanKind[]) => ({
  kinds: new Set<SpanKind>(["model", "tool", "workflow", ...others]),
});
const pay = (made: JsonObject = {}, overrides: Partial<Span> = {}) =>
  call("pay", made, { sideEffect: "money", ...overrides });

describe("route", () => {
  const turns = (...agents: string[]) => agents.map((agent, index) => model({ agent, id: `${index}` }));
  holds([
    {
      says: "the agents in this order",
      expected: { route: { agents: ["a", "b"] } },
      spans: turns("a", "a", "b"),
      kind: "pass",
    },
    {
      says: "one agent too many",
      expected: { route: { agents: ["a", "b"] } },
      spans: turns("a", "b", "a"),
      kind: "fail",
      at: "2",
    },
    {
      says: "one agent missing",
      expected: { route: { agents: ["a", "b"] } },
      spans: turns("a"),
      kind: "fail",
    },
    {
      says: "a trace that names no agent",
      expected: { route: { agents: ["a"] } },
      spans: [aSpan("model:m")],
      kind: "ungraded",
    },
    {
      says: "an agent that had no turn",
      expected: { route: { never: ["c"] } },
      spans: turns("a"),
      kind: "pass",
    },
    {
      says: "an agent that must have none",
      expected: { route: { never: ["b"] } },
      spans: turns("a", "b"),
      kind: "fail",
      at: "1",
    },
    { says: "an allowed model", expected: { route: { models: ["m*"] } }, spans: turns("a"), kind: "pass" },
    { says: "another model", expected: { route: { models: ["n"] } }, spans: turns("a"), kind: "fail" },
    {
      says: "a workflow",
      expected: { trajectory: { required: ["workflow:support"] } },
      spans: [model(), aSpan("workflow:support")],
      kind: "pass",
    },
  ]);
});

describe("context", () => {
  const given = (texts: string[], documents: string[] = [], state: JsonObject = {}) => ({
    texts,
    documents,
    state,
  });
  const usage = { inputTokens: 100, outputTokens: 1, cacheReadTokens: 20, cacheWriteTokens: 3 };
  const first = model({
    id: "1",
    given: given(["Refunds over 200 wait."], ["policy"], { order: { id: "o1" } }),
    usage,
  });
  const second = model({ id: "2", given: given(["total: 480"]), usage });
  const spans = [first, call("read"), aSpan("retrieval:limits"), second, pay()];
  holds([
    {
      says: "a text of the prompt, whatever its case",
      expected: { context: { must_contain: ["REFUNDS over"] } },
      spans,
      kind: "pass",
      at: "1",
    },
    {
      says: "a tool's answer",
      expected: { context: { must_contain: ["480"] } },
      spans,
      kind: "pass",
      at: "2",
    },
    {
      says: "an answer that came too late",
      expected: { context: { must_contain: ["480"], before: "tool:read" } },
      spans,
      kind: "fail",
    },
    {
      says: "before what did not occur",
      expected: { context: { must_contain: ["x"], before: "tool:none" } },
      spans,
      kind: "pass",
    },
    {
      says: "nothing before a span that the agent cannot show",
      expected: { context: { must_contain: ["x"], before: "message:sent" } },
      spans,
      of: kinds(),
      kind: "ungraded",
    },
    {
      says: "what it must not see",
      expected: { context: { must_not_contain: ["480"] } },
      spans,
      kind: "fail",
      at: "2",
    },
    {
      says: "what it did not see",
      expected: { context: { must_not_contain: ["iban"] } },
      spans,
      kind: "pass",
    },
    {
      says: "a memory record",
      expected: { context: { memory: ["Refunds over 200 wait."] } },
      spans,
      kind: "pass",
    },
    { says: "a given document", expected: { context: { documents: ["policy"] } }, spans, kind: "pass" },
    { says: "a found document", expected: { context: { documents: ["limits"] } }, spans, kind: "pass" },
    {
      says: "a document that no turn saw",
      expected: { context: { documents: ["limits"], before: "tool:read" } },
      spans,
      kind: "fail",
    },
    { says: "state", expected: { context: { state: { order: { id: "o1" } } } }, spans, kind: "pass" },
    { says: "other state", expected: { context: { state: { order: { id: "o2" } } } }, spans, kind: "fail" },
    {
      says: "a trace that does not tell it",
      expected: { context: { must_not_contain: ["x"] } },
      spans: [model()],
      kind: "ungraded",
    },
    { says: "small requests", expected: { context: { max_input_tokens: 123 } }, spans, kind: "pass" },
    {
      says: "a large request",
      expected: { context: { max_input_tokens: 122 } },
      spans,
      kind: "fail",
      at: "1",
    },
    {
      says: "requests of unknown size",
      expected: { context: { max_input_tokens: 9 } },
      spans: [model()],
      kind: "ungraded",
    },
  ]);
});

describe("retrieval", () => {
  const served = (source: string, version?: string, date?: string) =>
    aSpan(`retrieval:${source}`, {
      document: {
        source,
        ...(version === undefined ? {} : { version }),
        ...(date === undefined ? {} : { date }),
      },
    });
  const spans = [model(), served("policy", "2026-04", "2026-04-01"), served("limits", "3.10")];
  const fresh = (one: object) => ({ retrieval: { fresh: [one] } });
  const saying = (output: string) => ({ output });
  holds([
    { says: "a required source", expected: { retrieval: { required: ["policy"] } }, spans, kind: "pass" },
    { says: "a missing source", expected: { retrieval: { required: ["prices"] } }, spans, kind: "fail" },
    {
      says: "an agent without search",
      expected: { retrieval: { required: ["policy"] } },
      spans: [model()],
      of: kinds(),
      kind: "ungraded",
    },
    {
      says: "an agent with search",
      expected: { retrieval: { required: ["policy"] } },
      spans: [model()],
      of: kinds("retrieval"),
      kind: "fail",
    },
    {
      says: "a forbidden source",
      expected: { retrieval: { forbidden: ["lim*"] } },
      spans,
      kind: "fail",
      at: "retrieval:limits",
    },
    { says: "nothing forbidden", expected: { retrieval: { forbidden: ["old_*"] } }, spans, kind: "pass" },
    {
      says: "allowed sources",
      expected: { retrieval: { allowed: ["policy", "lim*"] } },
      spans,
      kind: "pass",
    },
    {
      says: "a source that is not allowed",
      expected: { retrieval: { allowed: ["policy"] } },
      spans,
      kind: "fail",
      at: "retrieval:limits",
    },
    {
      says: "a search that finds nothing",
      expected: { retrieval: { allowed: [] } },
      spans: [model(), aSpan("retrieval:none")],
      kind: "pass",
    },
    {
      says: "of today",
      expected: fresh({ source: "policy", not_older_than: "2026-04-01" }),
      spans,
      kind: "pass",
    },
    {
      says: "a day too old",
      expected: fresh({ source: "policy", not_older_than: "2026-04-02" }),
      spans,
      kind: "fail",
      at: "retrieval:policy",
    },
    { says: "of an unknown day", expected: fresh({ not_older_than: "2026-01-01" }), spans, kind: "ungraded" },
    { says: "old among unknown", expected: fresh({ not_older_than: "2026-05-01" }), spans, kind: "fail" },
    {
      says: "numbers in versions",
      expected: fresh({ source: "limits", version_min: "3.9" }),
      spans,
      kind: "pass",
    },
    {
      says: "a version too old",
      expected: fresh({ source: "policy", version_min: "2026-05" }),
      spans,
      kind: "fail",
    },
    {
      says: "one current version",
      expected: fresh({ which: "newest", version_min: "5" }),
      spans,
      kind: "pass",
    },
    {
      says: "nothing served",
      expected: fresh({ not_older_than: "2026-01-01" }),
      spans: [model()],
      kind: "ungraded",
    },
    {
      says: "a named source",
      expected: { retrieval: { cited: { sources: ["policy"] } } },
      spans,
      of: saying("See Policy."),
      kind: "pass",
    },
    {
      says: "no named source",
      expected: { retrieval: { cited: { sources: ["policy"] } } },
      spans,
      of: saying("Trust me."),
      kind: "fail",
    },
    {
      says: "a named source that was not served",
      expected: { retrieval: { cited: { sources: ["prices"] } } },
      spans,
      of: saying("See prices."),
      kind: "fail",
    },
    {
      says: "citations of what was served",
      expected: { retrieval: { cited: { pattern: "\\[(\\w+)\\]", min: 2 } } },
      spans,
      of: saying("Yes [policy], no [Limits]."),
      kind: "pass",
    },
    {
      says: "an invented citation",
      expected: { retrieval: { cited: { pattern: "\\[(\\w+)\\]" } } },
      spans,
      of: saying("Yes [policy], no [Smith2019]."),
      kind: "fail",
    },
    {
      says: "too few citations",
      expected: { retrieval: { cited: { pattern: "\\[(\\w+)\\]", min: 2 } } },
      spans,
      of: saying("[policy]"),
      kind: "fail",
    },
    {
      says: "a pattern that cannot be used",
      expected: { retrieval: { cited: { pattern: "(?=a)" } } },
      spans,
      kind: "ungraded",
    },
  ]);
});

describe("tool selection", () => {
  const spans = [
    model(),
    call("read", { id: 1 }),
    call("read", { id: 2 }, { id: "second", status: "failed", error: { type: "timeout", message: "late" } }),
  ];
  const invented = call(
    "fly",
    {},
    { status: "failed", error: { type: "unknown_tool", message: "no such tool" } },
  );
  holds([
    { says: "often enough", expected: { trajectory: { calls: { read: { min: 2 } } } }, spans, kind: "pass" },
    { says: "too seldom", expected: { trajectory: { calls: { read: { min: 3 } } } }, spans, kind: "fail" },
    {
      says: "too often",
      expected: { trajectory: { calls: { read: { max: 1 } } } },
      spans,
      kind: "fail",
      at: "second",
    },
    {
      says: "at least once, as nothing is said",
      expected: { trajectory: { calls: { read: {} } } },
      spans,
      kind: "pass",
    },
    {
      says: "never, and it was not",
      expected: { trajectory: { calls: { pay: { max: 0 } } } },
      spans,
      kind: "pass",
    },
    {
      says: "calls that failed",
      expected: { trajectory: { counts: [{ of: { span: "tool:read", status: "failed" }, max: 0 }] } },
      spans,
      kind: "fail",
      at: "second",
    },
    {
      says: "calls that timed out",
      expected: { trajectory: { counts: [{ of: { error: "timeout" }, min: 1, max: 1 }] } },
      spans,
      kind: "pass",
    },
    {
      says: "calls with these arguments",
      expected: { trajectory: { counts: [{ of: { arguments: { id: 3 } } }] } },
      spans,
      kind: "fail",
    },
    {
      says: "a tool that the model made up",
      expected: { trajectory: { counts: [{ of: { error: "unknown_tool" }, max: 0 }] } },
      spans: [...spans, invented],
      kind: "fail",
      at: "tool:fly",
    },
    {
      says: "a made-up tool by its name",
      expected: { trajectory: { forbidden: ["tool:fl*"] } },
      spans: [...spans, invented],
      kind: "fail",
    },
    { says: "allowed tools", expected: { trajectory: { allowed: ["tool:re*"] } }, spans, kind: "pass" },
    {
      says: "another tool",
      expected: { trajectory: { allowed: ["tool:read"] } },
      spans: [...spans, pay()],
      kind: "fail",
      at: "tool:pay",
    },
    { says: "no tool at all", expected: { trajectory: { allowed: [] } }, spans, kind: "fail" },
    {
      says: "a forbidden kind that cannot be seen",
      expected: { trajectory: { forbidden: ["message:sent"] } },
      spans,
      of: kinds(),
      kind: "ungraded",
    },
    {
      says: "a required kind that cannot be seen",
      expected: { trajectory: { required: ["policy:checked"] } },
      spans,
      of: kinds(),
      kind: "ungraded",
    },
    {
      says: "a required kind that can be seen",
      expected: { trajectory: { required: ["policy:checked"] } },
      spans,
      of: kinds("policy"),
      kind: "fail",
    },
  ]);
});

describe("tool input", () => {
  const input = (one: object) => ({ trajectory: { inputs: [{ tool: "pay", ...one }] } });
  const spans = [
    model(),
    pay({ amount: 5, meta: { at: 1 }, items: [{ id: 1, n: 2 }] }, { id: "p1" }),
    pay({ amount: 7 }, { id: "p2" }),
  ];
  const amountMax = (maximum: number) => ({
    json_schema: { type: "object", properties: { amount: { maximum } }, required: ["amount"] },
  });
  holds([
    { says: "every call fits the schema", expected: input(amountMax(7)), spans, kind: "pass" },
    { says: "one call does not", expected: input(amountMax(5)), spans, kind: "fail", at: "p2" },
    { says: "the first call does", expected: input({ call: 1, ...amountMax(5) }), spans, kind: "pass" },
    {
      says: "the last call does not",
      expected: input({ call: -1, ...amountMax(5) }),
      spans,
      kind: "fail",
      at: "p2",
    },
    { says: "there is no third call", expected: input({ call: 3, includes: {} }), spans, kind: "fail" },
    {
      says: "any call holds it",
      expected: input({ call: "any", includes: { amount: 7 } }),
      spans,
      kind: "pass",
    },
    {
      says: "no call holds it",
      expected: input({ call: "any", includes: { amount: 8 } }),
      spans,
      kind: "fail",
    },
    { says: "exactly this", expected: input({ call: 2, equals: { amount: 7 } }), spans, kind: "pass" },
    {
      says: "more than exactly this",
      expected: input({ call: 1, equals: { amount: 5 } }),
      spans,
      kind: "fail",
    },
    {
      says: "exactly this but for what does not matter",
      expected: input({ call: 1, equals: { amount: 5 }, ignore: ["meta", "items"] }),
      spans,
      kind: "pass",
    },
    {
      says: "places in lists that do not matter",
      expected: input({ call: 1, includes: { items: [{ n: 2 }] }, ignore: ["items.*.id"] }),
      spans,
      kind: "pass",
    },
    {
      says: "a default that the call leaves out",
      expected: input({ call: 2, includes: { currency: "USD" }, defaults: { currency: "USD" } }),
      spans,
      kind: "pass",
    },
    {
      says: "a default that the call overrules",
      expected: input({ call: 2, equals: { amount: 7 }, defaults: { amount: 1 } }),
      spans,
      kind: "pass",
    },
    {
      says: "a tool that was never called",
      expected: { trajectory: { inputs: [{ tool: "fly" }] } },
      spans,
      kind: "fail",
    },
    {
      says: "a schema that cannot be used",
      expected: input({ json_schema: { type: "strnig" } }),
      spans,
      kind: "ungraded",
    },
  ]);
});

describe("order and relations", () => {
  const spans = [
    model(),
    call("check", { id: 1 }),
    pay({ id: 1 }, { id: "p1" }),
    pay({ id: 2 }, { id: "p2" }),
    call("tell", { id: 1 }),
  ];
  const relation = (one: object) => ({ trajectory: { relations: [{ every: "tool:pay", ...one }] } });
  holds([
    { says: "each comes after it", expected: relation({ preceded_by: "tool:check" }), spans, kind: "pass" },
    {
      says: "one comes before it",
      expected: relation({ preceded_by: "tool:tell" }),
      spans,
      kind: "fail",
      at: "p1",
    },
    {
      says: "it was about something else",
      expected: relation({ preceded_by: "tool:check", same: ["id"] }),
      spans,
      kind: "fail",
      at: "p2",
    },
    { says: "each is followed by it", expected: relation({ followed_by: "tool:tell" }), spans, kind: "pass" },
    {
      says: "one is not followed by its own",
      expected: relation({ followed_by: "tool:tell", same: ["id"] }),
      spans,
      kind: "fail",
      at: "p2",
    },
    {
      says: "nothing of the kind before",
      expected: relation({ not_preceded_by: "tool:tell" }),
      spans,
      kind: "pass",
    },
    {
      says: "something of the kind before",
      expected: relation({ not_preceded_by: "tool:check" }),
      spans,
      kind: "fail",
      at: "p1",
    },
    {
      says: "nothing of the kind after",
      expected: relation({ not_followed_by: "tool:check" }),
      spans,
      kind: "pass",
    },
    {
      says: "something of the kind after",
      expected: relation({ not_followed_by: "tool:tell", same: ["id"] }),
      spans,
      kind: "fail",
      at: "tool:tell",
    },
    {
      says: "two rules, one of them broken",
      expected: relation({ preceded_by: "tool:check", not_followed_by: "tool:tell" }),
      spans,
      kind: "fail",
    },
    {
      says: "what did not occur",
      expected: { trajectory: { relations: [{ every: "tool:fly", preceded_by: "tool:x" }] } },
      spans,
      kind: "pass",
    },
    {
      says: "a kind that cannot be seen",
      expected: relation({ preceded_by: "policy:x" }),
      spans,
      of: kinds(),
      kind: "ungraded",
    },
    {
      says: "a kind that cannot be seen, of what did not occur",
      expected: { trajectory: { relations: [{ every: "tool:fly", preceded_by: "policy:x" }] } },
      spans,
      of: kinds(),
      kind: "pass",
    },
    {
      says: "what cannot be seen itself",
      expected: { trajectory: { relations: [{ every: "message:sent", preceded_by: "tool:pay" }] } },
      spans,
      of: kinds(),
      kind: "ungraded",
    },
  ]);
});

describe("state", () => {
  const set = (status: string, id: string) => pay({}, { id, changes: { order: { status } } });
  const spans = [model(), set("held", "s1"), set("held", "s1b"), set("paid", "s2")];
  const change = (from: string | undefined, to: string) => ({
    key: "order.status",
    to,
    ...(from === undefined ? {} : { from }),
  });
  holds([
    {
      says: "changes in order",
      expected: { state: { transitions: [change("open", "held"), change("held", "paid")] } },
      spans,
      kind: "pass",
      at: "s2",
    },
    {
      says: "changes with others between",
      expected: { state: { transitions: [change(undefined, "paid")] } },
      spans,
      kind: "pass",
    },
    {
      says: "changes in another order",
      expected: { state: { transitions: [change(undefined, "paid"), change(undefined, "held")] } },
      spans,
      kind: "fail",
    },
    {
      says: "a change from something else",
      expected: { state: { transitions: [change("open", "paid")] } },
      spans,
      kind: "fail",
    },
    {
      says: "setting what it is already is no change",
      expected: { state: { transitions: [change("held", "held")] } },
      spans,
      kind: "fail",
    },
    {
      says: "the state at the end",
      expected: { state: { final: { order: { status: "paid" }, customer: "standard" } } },
      spans,
      kind: "pass",
    },
    {
      says: "another state at the end",
      expected: { state: { final: { order: { status: "held" } } } },
      spans,
      kind: "fail",
      at: "s2",
    },
    {
      says: "a key of which nothing is known",
      expected: { state: { final: { order: { paid_by: "x" } } } },
      spans,
      kind: "ungraded",
    },
    {
      says: "allowed side effects",
      expected: { state: { allowed_side_effects: ["money", "message"] } },
      spans,
      kind: "pass",
    },
    {
      says: "no side effect is allowed",
      expected: { state: { allowed_side_effects: [] } },
      spans,
      kind: "fail",
      at: "s1",
    },
    {
      says: "a forbidden side effect",
      expected: { state: { forbidden_side_effects: ["money"] } },
      spans,
      kind: "fail",
      at: "s1",
    },
    {
      says: "no forbidden side effect",
      expected: { state: { forbidden_side_effects: ["data"] } },
      spans,
      kind: "pass",
    },
  ]);
});

describe("memory", () => {
  const use = (name: string, made: JsonObject) =>
    aSpan(`memory:${name}`, { call: { tool: name, arguments: made } });
  const spans = [
    model(),
    call("consent"),
    use("read", { key: "prefs" }),
    use("write", { key: "prefs", value: "4111111111111111" }),
  ];
  holds([
    { says: "allowed reads", expected: { memory: { reads: { allowed: ["prefs"] } } }, spans, kind: "pass" },
    {
      says: "another read",
      expected: { memory: { reads: { allowed: ["orders.*"] } } },
      spans,
      kind: "fail",
      at: "memory:read",
    },
    {
      says: "a read that names no key",
      expected: { memory: { key: "record", reads: { allowed: ["*"] } } },
      spans,
      kind: "fail",
    },
    {
      says: "a justified read",
      expected: { memory: { reads: { after: "tool:consent" } } },
      spans,
      kind: "pass",
    },
    {
      says: "a read before it was justified",
      expected: { memory: { reads: { after: "tool:pay" } } },
      spans,
      kind: "fail",
      at: "memory:read",
    },
    {
      says: "a read after what the agent cannot show",
      expected: { memory: { reads: { after: "approval:consent" } } },
      spans,
      of: kinds("memory"),
      kind: "ungraded",
    },
    {
      says: "no read, of an agent that cannot show what justifies one",
      expected: { memory: { reads: { after: "approval:consent" } } },
      spans: [model()],
      of: kinds("memory"),
      kind: "pass",
    },
    {
      says: "a search counts as a read",
      expected: { memory: { reads: { allowed: [] } } },
      spans: [model(), use("search", { key: "x" })],
      kind: "fail",
    },
    { says: "allowed writes", expected: { memory: { writes: { allowed: ["pre*"] } } }, spans, kind: "pass" },
    {
      says: "no write is allowed",
      expected: { memory: { writes: { allowed: [] } } },
      spans,
      kind: "fail",
      at: "memory:write",
    },
    {
      says: "a forbidden key",
      expected: { memory: { writes: { forbidden: ["prefs"] } } },
      spans,
      kind: "fail",
    },
    {
      says: "no forbidden key",
      expected: { memory: { writes: { forbidden: ["card"] } } },
      spans,
      kind: "pass",
    },
    {
      says: "a required write",
      expected: { memory: { writes: { required: ["prefs"] } } },
      spans,
      kind: "pass",
    },
    {
      says: "a missing write",
      expected: { memory: { writes: { required: ["note"] } } },
      spans,
      kind: "fail",
    },
    {
      says: "a card number is kept",
      expected: { memory: { writes: { must_not_match: ["\\d{16}"] } } },
      spans,
      kind: "fail",
    },
    {
      says: "nothing of the kind is kept",
      expected: { memory: { writes: { must_not_match: ["iban"] } } },
      spans,
      kind: "pass",
    },
    {
      says: "an agent without memory tools",
      expected: { memory: { writes: { allowed: [] } } },
      spans: [model()],
      of: kinds(),
      kind: "ungraded",
    },
  ]);
});

describe("policy", () => {
  const asked = (overrides: Partial<Span>) =>
    aSpan("approval:required", { call: { tool: "ask", arguments: { id: 1 } }, ...overrides });
  const approval = (one: object) => ({ trajectory: { approval: [{ before: "tool:pay", ...one }] } });
  const byLead = asked({ by: ["lee", "support_lead"] });
  const denied = call("check", {}, { status: "denied" });
  holds([
    {
      says: "granted by the right one",
      expected: approval({ by: ["support_lead"] }),
      spans: [model(), byLead, pay()],
      kind: "pass",
    },
    {
      says: "granted by another one",
      expected: approval({ by: ["finance"] }),
      spans: [model(), byLead, pay()],
      kind: "fail",
      at: "tool:pay",
    },
    {
      says: "granted by nobody who is named",
      expected: approval({ by: ["finance"] }),
      spans: [model(), asked({}), pay()],
      kind: "ungraded",
    },
    {
      says: "granted by the one who asked",
      expected: approval({ not_by: ["lee"] }),
      spans: [model(), byLead, pay()],
      kind: "fail",
    },
    {
      says: "granted by somebody else",
      expected: approval({ not_by: ["kim"] }),
      spans: [model(), byLead, pay()],
      kind: "pass",
    },
    {
      says: "granted for this one",
      expected: approval({ same: ["id"] }),
      spans: [model(), byLead, pay({ id: 1 })],
      kind: "pass",
    },
    {
      says: "granted for another one",
      expected: approval({ same: ["id"] }),
      spans: [model(), byLead, pay({ id: 1 }), pay({ id: 2 }, { id: "p2" })],
      kind: "fail",
      at: "p2",
    },
    {
      says: "not granted, by anyone",
      expected: approval({ by: ["support_lead"] }),
      spans: [model(), pay()],
      kind: "fail",
    },
    {
      says: "an agent that shows no approvals",
      expected: approval({}),
      spans: [model(), pay()],
      of: kinds(),
      kind: "ungraded",
    },
    {
      says: "an agent that shows no approvals and did nothing that needs one",
      expected: approval({}),
      spans: [model()],
      of: kinds(),
      kind: "pass",
    },
    {
      says: "an approval before what the agent cannot show",
      expected: { trajectory: { approval: [{ before: "message:sent" }] } },
      spans: [model()],
      of: kinds("approval"),
      kind: "ungraded",
    },
    {
      says: "a denial that is kept to",
      expected: { policy: { after_denial: "stop" } },
      spans: [model(), denied, call("tell")],
      kind: "pass",
    },
    {
      says: "the denied tool again",
      expected: { policy: { after_denial: "no_retry" } },
      spans: [model(), denied, { ...denied, id: "again" }],
      kind: "fail",
      at: "again",
    },
    {
      says: "money moves after a denial",
      expected: { policy: { after_denial: "stop" } },
      spans: [model(), denied, pay()],
      kind: "fail",
      at: "tool:pay",
    },
    {
      says: "money moves by another tool, where only a retry is ruled out",
      expected: { policy: { after_denial: "no_retry" } },
      spans: [model(), denied, pay()],
      kind: "pass",
    },
    {
      says: "nothing was denied",
      expected: { policy: { after_denial: "stop" } },
      spans: [model(), pay()],
      kind: "pass",
    },
    {
      says: "the action that was denied",
      expected: {
        trajectory: {
          relations: [
            { every: { span: "approval:*", status: "denied" }, not_followed_by: "tool:pay", same: ["id"] },
          ],
        },
      },
      spans: [model(), asked({ status: "denied" }), pay({ id: 1 })],
      kind: "fail",
      at: "tool:pay",
    },
    {
      says: "the model refuses",
      expected: { policy: { refusal: [] } },
      spans: [model()],
      of: { stopReason: "refused" },
      kind: "pass",
    },
    {
      says: "the answer refuses",
      expected: { policy: { refusal: ["cannot"] } },
      spans: [model()],
      of: { output: "I CANNOT do that." },
      kind: "pass",
    },
    {
      says: "no refusal",
      expected: { policy: { refusal: ["cannot"] } },
      spans: [model()],
      of: { output: "Done." },
      kind: "fail",
    },
    {
      says: "a refusal in words after the deed",
      expected: { policy: { refusal: ["cannot"] } },
      spans: [model(), pay()],
      of: { output: "I cannot." },
      kind: "fail",
      at: "tool:pay",
    },
  ]);
});

describe("retries and recovery", () => {
  const broken = (overrides: Partial<Span> = {}) =>
    call("read", {}, { status: "failed", error: { type: "malformed", message: "broken" }, ...overrides });
  const repeats = (side_effects: "never" | "same_key") => ({ trajectory: { repeats: { side_effects } } });
  const recovery = (one: object) => ({ trajectory: { recovery: [{ from: "tool:read", ...one }] } });
  const keyed = (key: string, id: string) => pay({ amount: 5, idempotency_key: key }, { id });
  holds([
    {
      says: "paid once each",
      expected: repeats("never"),
      spans: [model(), pay({ a: 1 }), pay({ a: 2 })],
      kind: "pass",
    },
    {
      says: "paid twice",
      expected: repeats("never"),
      spans: [model(), pay({ a: 1 }), pay({ a: 1 }, { id: "again" })],
      kind: "fail",
      at: "again",
    },
    {
      says: "paid again under the same key",
      expected: repeats("same_key"),
      spans: [model(), keyed("k", "1"), keyed("k", "2")],
      kind: "pass",
    },
    {
      says: "paid again under another key",
      expected: repeats("same_key"),
      spans: [model(), keyed("k", "1"), keyed("l", "2")],
      kind: "fail",
      at: "2",
    },
    {
      says: "paid again without a key",
      expected: repeats("same_key"),
      spans: [model(), pay(), pay({}, { id: "again" })],
      kind: "fail",
      at: "again",
    },
    {
      says: "read twice",
      expected: repeats("never"),
      spans: [model(), call("read"), call("read")],
      kind: "pass",
    },
    {
      says: "the run goes on",
      expected: recovery({}),
      spans: [model(), broken(), model({ id: "2" })],
      kind: "pass",
    },
    {
      says: "the run ends there",
      expected: recovery({}),
      spans: [model(), broken()],
      kind: "fail",
      at: "tool:read",
    },
    {
      says: "it reaches what it should",
      expected: recovery({ reaches: "tool:ask" }),
      spans: [model(), broken(), model({ id: "2" }), call("ask")],
      kind: "pass",
    },
    {
      says: "it does not",
      expected: recovery({ reaches: "tool:ask" }),
      spans: [model(), call("ask"), broken(), model({ id: "2" })],
      kind: "fail",
    },
    {
      says: "nothing failed",
      expected: recovery({}),
      spans: [model(), call("read"), model({ id: "2" })],
      kind: "ungraded",
    },
  ]);
});

describe("output", () => {
  const saying = (output: string) => ({ spans: [model()], of: { output } });
  holds([
    {
      says: "one of several texts",
      expected: { output: { any_of: ["colleague", "person"] } },
      ...saying("A PERSON decides."),
      kind: "pass",
    },
    {
      says: "none of several texts",
      expected: { output: { any_of: ["colleague", "person"] } },
      ...saying("Done."),
      kind: "fail",
    },
    {
      says: "a text in another case",
      expected: { output: { must_contain: ["RMA"], case: "exact" } },
      ...saying("rma"),
      kind: "fail",
    },
    {
      says: "a banned text in another case",
      expected: { output: { must_not_contain: ["RMA"], case: "exact" } },
      ...saying("rma"),
      kind: "pass",
    },
    {
      says: "the same answer in another case",
      expected: { output: { equals: "yes", case: "fold" } },
      ...saying("YES"),
      kind: "pass",
    },
    {
      says: "the same answer, exactly",
      expected: { output: { equals: "yes" } },
      ...saying("YES"),
      kind: "fail",
    },
  ]);
});

test("what must not hold fails with what was seen, and says that it was not wanted", async () => {
  const trajectory = aTrajectory([], { output: "It is done.", stopReason: "completed" });
  expect(await gradeOf({ not: { stop_reason: "completed" } }, trajectory)).toEqual({
    kind: "fail",
    because: "the run ended with completed",
    expected: "not this: the run ended with completed",
    observed: "the run ended with completed",
  });
});
