import { isJsonObject, type JsonObject, type JsonValue } from "../json.ts";
import { objectsOf, textOf, unpacked } from "./read-json.ts";
import { contentText, messagesInJson } from "./read-messages.ts";
import type { TraceStep, TraceSteps } from "./trace-steps.ts";

/** Reads a list of messages as the Messages API, the Chat Completions API or the GenAI conventions have them. */
export function readMessageTrace(value: JsonValue): TraceSteps | undefined {
  const list = objectsOf(isJsonObject(value) ? (value.messages ?? value.input) : value);
  const known = list.filter(
    ({ role, type }) =>
      typeof role === "string" || type === "function_call" || type === "function_call_output",
  );
  if (known.length === 0) return undefined;
  const results = resultsById(known);
  const steps = known.flatMap((message): TraceStep[] => {
    const calls = callsOf(message).map((call) => toolStep(call, results));
    return message.role === "assistant" || message.role === "model"
      ? [{ kind: "model", name: "chat" }, ...calls]
      : calls;
  });
  const last = known.findLast(({ role }) => role === "assistant" || role === "model" || role === "ai");
  const messages = messagesInJson(known);
  return { steps, messages, output: (last && contentText(last)) ?? "" };
}

interface Call {
  readonly id: string | undefined;
  readonly name: string;
  readonly given: JsonValue | undefined;
}

/** Gives the tool calls of a message in any of the three dialects. */
function callsOf(message: JsonObject): readonly Call[] {
  const blocks = objectsOf(message.content ?? message.parts).filter(({ type }) =>
    ["tool_use", "tool_call", "server_tool_use", "server_tool_call"].includes(String(type)),
  );
  const chat = objectsOf(message.tool_calls);
  const single =
    message.type === "function_call"
      ? [message]
      : isJsonObject(message.function_call)
        ? [message.function_call]
        : [];
  return [...blocks, ...chat, ...single].flatMap((call) => {
    const inner = isJsonObject(call.function) ? call.function : call;
    const name = textOf(inner.name);
    if (name === undefined) return [];
    return [
      {
        id: textOf(call.id) ?? textOf(call.call_id),
        name,
        given: inner.arguments ?? inner.input ?? inner.args,
      },
    ];
  });
}

interface Result {
  readonly result: JsonValue | undefined;
  readonly isError: boolean;
}

function resultsById(messages: readonly JsonObject[]): ReadonlyMap<string, Result> {
  const results = new Map<string, Result>();
  const add = (id: JsonValue | undefined, result: JsonValue | undefined, isError: boolean): void => {
    if (typeof id === "string" && !results.has(id)) results.set(id, { result: unpacked(result), isError });
  };
  for (const message of messages) {
    if (message.role === "tool" && message.tool_call_id !== undefined) {
      add(message.tool_call_id, contentText(message) ?? message.content, message.is_error === true);
    }
    if (message.type === "function_call_output") add(message.call_id, message.output, false);
    for (const block of objectsOf(message.content ?? message.parts)) {
      if (block.type === "tool_result")
        add(block.tool_use_id, contentText(block) ?? block.content, block.is_error === true);
      // The documentation of the conventions writes `result` where their schema asks for `response`.
      if (block.type === "tool_call_response") add(block.id, block.response ?? block.result, false);
    }
  }
  return results;
}

function toolStep(call: Call, results: ReadonlyMap<string, Result>): TraceStep {
  const given = unpacked(call.given);
  const answer = call.id === undefined ? undefined : results.get(call.id);
  const step: TraceStep = {
    kind: "tool",
    name: call.name,
    arguments: isJsonObject(given) ? given : undefined,
    callId: call.id,
  };
  if (answer === undefined) return step;
  if (!answer.isError) return { ...step, result: answer.result };
  return {
    ...step,
    error: typeof answer.result === "string" ? answer.result : JSON.stringify(answer.result ?? "error"),
  };
}
