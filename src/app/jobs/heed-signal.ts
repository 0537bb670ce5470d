import type { JobDeps } from "./deps.ts";

/** Gives what a job may reach such that all of it refuses once its attempt is over: the next attempt is alone at work then. */
export function heedSignal(deps: JobDeps, signal: AbortSignal): JobDeps {
  return {
    ...deps,
    connect: async (...place) => heeding(await deps.connect(...place), signal),
    incidents: heeding(deps.incidents, signal),
    gateRuns: heeding(deps.gateRuns, signal),
    lastConfigs: heeding(deps.lastConfigs, signal),
    heldFixtures: heeding(deps.heldFixtures, signal),
    generations: heeding(deps.generations, signal),
    standaloneRuns: heeding(deps.standaloneRuns, signal),
    branchResults: heeding(deps.branchResults, signal),
    queue: heeding(deps.queue, signal),
  };
}

/** A port, or a group of them, whose every call throws the signal's reason once that is aborted. */
function heeding<T extends object>(port: T, signal: AbortSignal): T {
  return new Proxy(port, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member === "object" && member !== null) return heeding(member, signal);
      if (typeof member !== "function") return member;
      return async (...given: readonly unknown[]) => {
        signal.throwIfAborted();
        return await Reflect.apply(member, target, given);
      };
    },
  });
}
