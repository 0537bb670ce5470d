import { isJsonObject, type JsonObject, type JsonValue } from "../../json.ts";
import { objectsOf, textOf } from "../read-json.ts";
import { answerOf, errorText, givenOf } from "./answers.ts";
import type { Answer, TraceEvent } from "./trace-event.ts";

const TOOLS = ["tool", "tool_name", "toolName", "function", "function_name", "recipient_name"] as const;
const GIVEN = [
  "arguments",
  "args",
  "input",
  "inputs",
  "tool_input",
  "tool_args",
  "parameters",
  "params",
  "kwargs",
] as const;
const RESULTS = [
  "result",
  "tool_result",
  "output",
  "tool_output",
  "observation",
  "response",
  "return",
  "returned",
  "outputs",
] as const;
const ERRORS = ["error", "exception", "err", "error_message"] as const;
const KINDS = ["event", "type", "kind", "action", "step", "msg", "message", "name"] as const;
const SPEAKERS = [
  "role",
  "speaker",
  "from",
  "who",
  "sender",
  "actor",
  "event",
  "type",
  "kind",
  "source",
] as const;
const TEXTS = ["content", "text", "message", "msg", "body", "utterance"] as const;
const CALLS = /(?:^|[_.\s-])(?:tool|function|action|mcp)(?:$|[_.\s-])/i;
const ENDS =
  /(?:^|[_.\s-])(?:result|output|response|returned?|end(?:ed)?|finish(?:ed)?|complet(?:ed?|ion)|done|observation|error|fail(?:ed|ure)?|success)(?:$|[_.\s-])/i;
const SAYS: readonly (readonly [RegExp, "user" | "assistant"])[] = [
  [/^(?:user|human|customer|client)(?:$|[_.\s-]|says?$)/i, "user"],
  [
    /^(?:assistant|agent|ai|bot|model|llm)(?:$|[_.\s-](?:message|text|reply|answer|response|output|final|says?|turn)$)/i,
    "assistant",
  ],
  [/^(?:final|final_answer|answer|reply)$/i, "assistant"],
];

/** Reads a line of a log, or a call as somebody noted it in JSON: a tool with what it was given or gave back, or what was said. */
export function eventsOfRecord(record: JsonObject): readonly TraceEvent[] {
  const name = toolOf(record);
  if (name !== undefined) return callEvents(record, name);
  for (const key of SPEAKERS) {
    const speaker = textOf(record[key]);
    const role = SAYS.find(([pattern]) => speaker !== undefined && pattern.test(speaker))?.[1];
    const text = TEXTS.map((other) => textOf(record[other]));
    const said = text.find((one) => one !== undefined);
    if (role !== undefined && said !== undefined) return [{ kind: "said", role, text: said }];
  }
  return [];
}

function toolOf(record: JsonObject): string | undefined {
  const inner = [record.function, record.tool].find(isJsonObject);
  const told = inner === undefined ? TOOLS.map((key) => record[key]) : [inner.name];
  const named = told.map(textOf).find((name) => name !== undefined && isName(name));
  if (named !== undefined) return named;
  const name = textOf(record.name) ?? textOf(record.action);
  if (name === undefined || !isName(name)) return undefined;
  // A name alone is one of anything.
  const isCall = KINDS.some((key) => key !== "name" && CALLS.test(textOf(record[key]) ?? ""));
  const isGiven = (["arguments", "args", "input", "action_input", "parameters", "params"] as const).some(
    (key) => isJsonObject(givenOf(record[key])),
  );
  return isCall || isGiven ? name : undefined;
}

function isName(text: string): boolean {
  return /^[\p{L}_][\p{L}\p{N}_.:/-]{0,99}$/u.test(text);
}

function callEvents(record: JsonObject, name: string): readonly TraceEvent[] {
  const inner = [record.function, record.tool].find(isJsonObject) ?? record;
  const given = [...GIVEN, "action_input"]
    .map((key) => givenOf(inner[key] ?? record[key]))
    .find(isJsonObject);
  const id = ["tool_call_id", "call_id", "id", "toolCallId"]
    .map((key) => textOf(record[key]))
    .find((one) => one);
  const answer = answerIn(record);
  const isEnd = KINDS.some((key) => key !== "name" && ENDS.test(textOf(record[key]) ?? ""));
  if (answer === undefined && !isEnd) return [{ kind: "called", name, given, id }];
  if (given === undefined) return [{ kind: "answered", id, name, answer: answer ?? {} }];
  return [{ kind: "ran", name, given, id, answer: answer ?? {} }];
}

function answerIn(record: JsonObject): Answer | undefined {
  const error = ERRORS.map((key) => record[key]).find(isTold);
  if (error !== undefined && error !== false) return { error: errorText(error) };
  const result = RESULTS.find((key) => record[key] !== undefined);
  if (result === undefined) return undefined;
  const isError =
    /^(?:error|failed)$/i.test(String(record.status)) || record.is_error === true || record.isError === true;
  return answerOf(record[result], isError);
}

function isTold(value: JsonValue | undefined): value is JsonValue {
  return value !== undefined && value !== null && value !== "";
}

/** Where lists of such records stand in a larger value. */
const LISTS = [
  "steps",
  "trajectory",
  "calls",
  "tool_calls",
  "events",
  "trace",
  "logs",
  "actions",
  "intermediate_steps",
  "toolCalls",
  "entries",
  "log",
] as const;

/** Gives the records that a value holds, which may be one itself, with what was asked before and answered after them. */
export function recordsIn(value: JsonObject): readonly JsonObject[] {
  if (eventsOfRecord(value).length > 0) return [value];
  const records = LISTS.flatMap((key) => listOf(value[key])).filter(
    (item) => eventsOfRecord(item).length > 0,
  );
  if (records.length === 0) return [];
  const asked = ["input", "question", "query", "prompt", "user_input", "task"]
    .map((key) => textOf(value[key]))
    .find((text) => text);
  const answered = ["output", "answer", "final_answer", "final_output"]
    .map((key) => textOf(value[key]))
    .find((text) => text);
  return [
    ...(asked === undefined ? [] : [{ role: "user", content: asked }]),
    ...records,
    ...(answered === undefined ? [] : [{ role: "assistant", content: answered }]),
  ];
}

/** LangChain keeps a step as a pair of the action and what came of it. */
function listOf(value: JsonValue | undefined): readonly JsonObject[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((item: JsonValue): readonly JsonObject[] => {
    if (!Array.isArray(item)) return isJsonObject(item) ? [item] : [];
    const [action, result = null]: readonly JsonValue[] = item;
    return isJsonObject(action) && item.length === 2 ? [{ ...action, result }] : objectsOf(item);
  });
}
