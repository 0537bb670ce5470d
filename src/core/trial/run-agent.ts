import { isDeclarative } from "../agent/agent.ts";
import type { OutsideAgents } from "../agent/outside.ts";
import { assertNever } from "../problem.ts";
import type { Trajectory } from "../trajectory/trajectory.ts";
import { type Replay, replay } from "./replay.ts";

/** All that running an agent is given, whatever its target. */
export interface AgentRun extends Replay {
  /** The ways to agents that run elsewhere; default is none. */
  readonly outside?: OutsideAgents;
}

/** Runs the fixture's agent once: replayed here from its files, or elsewhere; either way it yields a trajectory. */
export async function runAgent(given: AgentRun): Promise<Trajectory> {
  const { agents, fixture, outside = {}, signal } = given;
  const agent = agents.get(fixture.agent);
  if (agent === undefined || isDeclarative(agent)) return await replay(given);
  signal.throwIfAborted();
  switch (agent.target) {
    case "http":
      return await way(outside.http)(agent, fixture, signal);
    case "command":
      return await way(outside.command?.run)(agent, fixture, signal);
    default:
      return assertNever(agent);
  }
}

function way<T>(known: T | undefined): T {
  if (known === undefined)
    throw new Error("the caller let a fixture run on an agent that cannot be run here");
  return known;
}
