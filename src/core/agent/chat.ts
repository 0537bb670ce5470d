import type { JsonObject } from "../json.ts";
import type { Usage } from "../trajectory/trajectory.ts";
import type { ToolDefinition } from "./agent.ts";
import type { Provider } from "./named-model.ts";

/** A part of a turn. */
export type Part =
  | { readonly kind: "text"; readonly text: string }
  | {
      readonly kind: "tool_call";
      readonly id: string;
      readonly tool: string;
      readonly arguments: JsonObject;
      /** The arguments as the model wrote them, where they are no JSON object. */
      readonly malformed?: string;
    }
  | {
      readonly kind: "tool_result";
      readonly id: string;
      readonly content: string;
      readonly isError: boolean;
    }
  /** A block that only the provider understands, such as signed thinking: sent back as it came. */
  | { readonly kind: "provider"; readonly block: JsonObject };

/** One turn of a conversation. */
export interface Turn {
  readonly role: "user" | "assistant";
  readonly parts: readonly Part[];
}

/** What a model is asked. */
export interface ChatRequest {
  readonly provider: Provider;
  readonly model: string;
  /** Passed to the provider as they stand. */
  readonly parameters: JsonObject;
  /** How long the answer may be, in tokens, for requests of our own; agents say it in their parameters. */
  readonly answerTokensMax?: number;
  /** Parts of the system prompt; all but the last are the same for every case, so that a provider can cache them. */
  readonly system: readonly string[];
  readonly turns: readonly Turn[];
  readonly tools: readonly ToolDefinition[];
  /** The answer must be JSON of this schema. */
  readonly outputSchema?: JsonObject;
}

/** What a model answered. */
export interface ChatAnswer {
  readonly parts: readonly Part[];
  readonly stop: "end" | "tool_use" | "max_tokens" | "refusal" | "other";
  readonly usage: Usage;
  /** What the answer itself took, without waiting for a free place or for a rate limit, where the adapter knows it. */
  readonly durationMs?: number;
}

/** Asks a model; throws ExternalFailure where the provider cannot be reached or refuses the request. */
export type AskModel = (request: ChatRequest, signal: AbortSignal) => Promise<ChatAnswer>;

/** Joins what an answer says, without what it calls or keeps for its provider. */
export function textOf(parts: readonly Part[]): string {
  return parts.flatMap((part) => (part.kind === "text" ? [part.text] : [])).join("");
}
