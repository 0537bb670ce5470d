import type { JsonObject, JsonValue } from "../../json.ts";
import type { Usage } from "../../trajectory/trajectory.ts";
import type { Answer } from "./trace-event.ts";

/** A run, span or observation of a trace, whatever wrote it. */
export interface Run {
  readonly id: string | undefined;
  readonly parent: string | undefined;
  readonly kind: "model" | "tool" | "retrieval" | "group";
  readonly name: string;
  /** In milliseconds of any clock; undefined where it is not told or cannot be. */
  readonly startMs: number | undefined;
  readonly endMs: number | undefined;
  /** A text whose order is that of the runs, where there is one. */
  readonly order: string | undefined;
  /** Of tools and retrievals. */
  readonly given: JsonObject | undefined;
  readonly answer: Answer;
  readonly callId: string | undefined;
  /** Of models and groups: what they were given and gave, as texts or messages in any dialect. */
  readonly input: JsonValue | undefined;
  readonly output: JsonValue | undefined;
  readonly usage: Usage | undefined;
}

const KINDS: ReadonlyMap<string, Run["kind"]> = new Map<string, Run["kind"]>([
  ["execute_tool", "tool"],
  ["tools/call", "tool"],
  ["tool", "tool"],
  ["tool_call", "tool"],
  ["function", "tool"],
  ["mcp_tool", "tool"],
  ["ai.toolcall", "tool"],
  ["chat", "model"],
  ["generate_content", "model"],
  ["text_completion", "model"],
  ["completion", "model"],
  ["llm", "model"],
  ["chat_model", "model"],
  ["generation", "model"],
  ["response", "model"],
  ["retrieval", "retrieval"],
  ["retriever", "retrieval"],
]);

/** Tells from the words of a trace what a run is; undefined where it does not say. */
export function kindOfRun(word: JsonValue | undefined): Run["kind"] | undefined {
  if (typeof word !== "string") return undefined;
  return KINDS.get(word.toLowerCase()) ?? (word === "" ? undefined : "group");
}
