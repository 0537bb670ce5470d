import type { SpanRule } from "../config/config.ts";
import type { Document } from "../fixture/fixture.ts";
import type { JsonObject } from "../json.ts";

/** A tool as the Messages API takes it; fields beyond these three are passed on as they stand. */
export interface ToolDefinition {
  readonly name: string;
  readonly description?: string | undefined;
  readonly input_schema: JsonObject;
  readonly [key: string]: unknown;
}

/** A declarative agent as it stands at one commit: all that its model will be given. */
export interface Agent {
  readonly name: string;
  readonly target: "anthropic";
  readonly model: string;
  /** Passed to the model API as they stand. */
  readonly parameters: JsonObject;
  /** The system prompt: prompt and policy files in the order of the configuration, then memory. */
  readonly system: string;
  readonly tools: readonly ToolDefinition[];
  readonly retrieval: { readonly tool: string; readonly documents: readonly Document[] } | undefined;
  /** Tool name → name of the agent that takes over. */
  readonly handoffs: Readonly<Record<string, string>>;
  readonly spans: Readonly<Record<string, SpanRule>>;
  readonly maxTurns: number;
}

/** All agents of one commit, by name; those that could not be read say why. */
export interface AgentCatalog {
  readonly agents: ReadonlyMap<string, Agent>;
  readonly problems: ReadonlyMap<string, readonly import("../problem.ts").Problem[]>;
}
