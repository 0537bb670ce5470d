import type { RealToolAnswer, RealToolCall } from "../core/agent/tool-contract.ts";

/** Calls the team's real tools. */
export interface ToolRunner {
  /** Calls one tool once. Throws ExternalFailure where there is no answer that can be read. */
  call(call: RealToolCall, signal: AbortSignal): Promise<RealToolAnswer>;
}
