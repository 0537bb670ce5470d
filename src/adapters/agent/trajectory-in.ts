import type { OutsideAgent } from "../../core/agent/agent.ts";
import type { Fixture } from "../../core/fixture/fixture.ts";
import type { Trajectory } from "../../core/trajectory/trajectory.ts";
import { readAgentAnswer } from "../../core/trial/read-answer.ts";
import { ExternalFailure } from "../../ports/external-failure.ts";

/** Reads the answer of an agent that runs elsewhere; throws ExternalFailure where it is none that can be used. */
export function trajectoryIn(
  body: Uint8Array,
  agent: OutsideAgent,
  fixture: Fixture,
  latencyMs: number,
): Trajectory {
  const read = readAgentAnswer(decode(body, agent.name), agent, fixture, latencyMs);
  if (read.kind === "told") return read.trajectory;
  throw new ExternalFailure(`the agent ${agent.name} gave no answer that can be used: ${read.because}`, {
    system: "agent",
    // A deployment may be under way.
    retryable: read.kind === "other_commit",
  });
}

/** Letters that nobody wrote must not be taken for the agent's. */
function decode(body: Uint8Array, name: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(body);
  } catch (cause) {
    throw new ExternalFailure(`the agent ${name} answered in bytes that are no UTF-8`, {
      system: "agent",
      retryable: false,
      cause,
    });
  }
}
