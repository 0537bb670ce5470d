import type { SpanRule } from "../config/config.ts";
import type { Document } from "../fixture/fixture.ts";
import type { JsonObject } from "../json.ts";
import type { SpanKind } from "../trajectory/trajectory.ts";
import type { Provider } from "./named-model.ts";

/** A tool as the Messages API takes it; fields beyond these three are passed on as they stand. */
export interface ToolDefinition {
  readonly name: string;
  readonly description?: string | undefined;
  readonly input_schema: JsonObject;
  readonly [key: string]: unknown;
}

/** What is known of an agent wherever it runs. */
interface AgentBase {
  readonly name: string;
  readonly tools: readonly ToolDefinition[];
  readonly retrieval: { readonly tool: string; readonly documents: readonly Document[] } | undefined;
  /** Tool name → name of the agent that takes over. */
  readonly handoffs: Readonly<Record<string, string>>;
  readonly spans: Readonly<Record<string, SpanRule>>;
  readonly maxTurns: number;
}

/** A declarative agent as it stands at one commit: all that its model will be given. */
export interface DeclarativeAgent extends AgentBase {
  /** The provider of its model. */
  readonly target: Provider;
  readonly model: string;
  /** Passed to the model API as they stand. */
  readonly parameters: JsonObject;
  /** The system prompt: prompt and policy files in the order of the configuration, then memory. */
  readonly system: string;
}

/** An agent that runs elsewhere: it is given the case and answers with what it did. */
interface OutsideAgentBase extends AgentBase {
  /** The commit that it stands for, which its answer has to name. */
  readonly commit: string;
  /** Kinds of spans that its traces show, beside those of models, tools and its `spans`. */
  readonly delivers: readonly SpanKind[];
  readonly timeoutMs: number;
}

/** An agent behind an address. */
export interface HttpAgent extends OutsideAgentBase {
  readonly target: "http";
  /** Undefined where only the commit under evaluation names one: an address is taken from nowhere but the default branch. */
  readonly endpoint: string | undefined;
}

/** An agent that a command runs, on the machine and in the folder of whoever calls the command line. */
export interface CommandAgent extends OutsideAgentBase {
  readonly target: "command";
  /** The program and its arguments; no shell reads them. */
  readonly command: readonly string[];
  /** Names of the variables that it may see. */
  readonly environment: readonly string[];
}

export type OutsideAgent = HttpAgent | CommandAgent;

/** The system under test. */
export type Agent = DeclarativeAgent | OutsideAgent;

/** Tells agents that we replay ourselves from those that run elsewhere. */
export function isDeclarative(agent: Agent): agent is DeclarativeAgent {
  return agent.target !== "http" && agent.target !== "command";
}

/** All agents of one commit, by name; those that could not be read say why. */
export interface AgentCatalog {
  readonly agents: ReadonlyMap<string, Agent>;
  readonly problems: ReadonlyMap<string, readonly import("../problem.ts").Problem[]>;
}
