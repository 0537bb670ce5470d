import type { Fixture } from "../fixture/fixture.ts";
import type { Trajectory } from "../trajectory/trajectory.ts";
import { type Agent, type CommandAgent, type HttpAgent, isDeclarative, type OutsideAgent } from "./agent.ts";

/** Has an agent that runs elsewhere go through a fixture; throws ExternalFailure where it gave no answer that can be used. */
export type RunOutside<A extends OutsideAgent> = (
  agent: A,
  fixture: Fixture,
  signal: AbortSignal,
) => Promise<Trajectory>;

/** The ways to agents that run elsewhere which this process has. */
export interface OutsideAgents {
  readonly http?: RunOutside<HttpAgent>;
  readonly command?: {
    readonly run: RunOutside<CommandAgent>;
    /** The one commit whose files lie where commands run. */
    readonly commit: string;
  };
}

/** Does something more with every run of an agent elsewhere. */
export function wrapOutside(
  { http, command }: OutsideAgents,
  wrap: <A extends OutsideAgent>(run: RunOutside<A>) => RunOutside<A>,
): OutsideAgents {
  return {
    ...(http === undefined ? {} : { http: wrap(http) }),
    ...(command === undefined ? {} : { command: { ...command, run: wrap(command.run) } }),
  };
}

/** Why an agent cannot be run here, and what to do about it. */
export interface Unrunnable {
  readonly because: string;
  readonly todo: string;
}

/** Says why an agent cannot be run here, or undefined where it can. */
export function whyUnrunnable(agent: Agent, { http, command }: OutsideAgents): Unrunnable | undefined {
  if (isDeclarative(agent)) return undefined;
  if (agent.target === "http") {
    if (http === undefined) return NO_ADDRESSES;
    return agent.endpoint === undefined ? newEndpoint(agent.name) : undefined;
  }
  if (command === undefined) return onlyInYourCi(agent.name);
  return command.commit === agent.commit ? undefined : otherCommit(agent);
}

const NO_ADDRESSES: Unrunnable = {
  because: "agents behind an address are not run here",
  todo: "set `OUTBOUND_ALLOW` to the hosts that such agents may run on, and restart",
};

function newEndpoint(name: string): Unrunnable {
  return {
    because: `the \`endpoint\` of the agent \`${name}\` is not on the default branch, and an address is taken from nowhere else`,
    todo: `merge the entry of \`${name}\` with its \`endpoint\` in a pull request of its own first`,
  };
}

function onlyInYourCi(name: string): Unrunnable {
  return {
    because: `the agent \`${name}\` has the target \`command\`, which runs only in your own CI: the app executes no code of a repository`,
    todo: `run \`npx incident-to-eval run --changed <base branch>\` in a job of your own CI and require that job beside this check, or give \`${name}\` the target \`http\``,
  };
}

function otherCommit({ name, commit }: CommandAgent): Unrunnable {
  return {
    because: `a command runs the files as they lie in the folder, so the agent \`${name}\` cannot be tried as it was at ${commit}`,
    todo: "check that commit out and run there",
  };
}
