import { randomFrom } from "../../chaos/random.ts";
import { runDraftFixtures } from "../../src/app/jobs/draft-fixtures.ts";
import { runGatePullRequest } from "../../src/app/jobs/gate-pull-request.ts";
import { absorbs, type DraftFixtures, type GatePullRequest, jobKey } from "../../src/app/jobs/job.ts";
import { A_REPO, aTurn, type JobWorld } from "./job-world.ts";

type WorldJob = DraftFixtures | GatePullRequest;

/** Makes a gate that lets those who wait before it through one by one, in an order that the seed decides. */
export function aTurnstile(seed: number): () => Promise<void> {
  const random = randomFrom(seed);
  const waiting: (() => void)[] = [];
  const turn = () => {
    const [next] = waiting.splice(random.between(0, waiting.length - 1), 1);
    if (next === undefined) return;
    // What follows from one step has happened before the next one is taken.
    setImmediate(turn);
    next();
  };
  return () =>
    new Promise((resolve) => {
      if (waiting.push(resolve) === 1) setImmediate(turn);
    });
}

/** An app that does its jobs in steps, of which the test says when each is taken, and that can be killed between any two. */
export interface BusyApp {
  /** Takes in what an event asks for, as the inbox does: the event is counted and its job queued in one. */
  take(job: WorldJob): Promise<void>;
  /** Ends what runs as SIGKILL does, and starts again: what was done stays done, and each job that ran is tried again. */
  kill(): void;
  /** Resolves once nothing is left to do. */
  idle(): Promise<void>;
}

/** The jobs of one key: the first may be running. */
interface Lane {
  readonly waiting: WorldJob[];
  running: WorldJob | undefined;
}

/** Starts an app on a world; `step` resolves when the next step of any of its jobs may be taken. */
export function aBusyApp(world: JobWorld, step: () => Promise<void>): BusyApp {
  const lanes = new Map<string, Lane>();
  let life = { isOver: false };
  let failure: unknown;
  let tellIdle: (() => void) | undefined;

  function take(job: WorldJob): void {
    const lane = lanes.get(jobKey(job)) ?? { waiting: [], running: undefined };
    lanes.set(jobKey(job), lane);
    if (!lane.waiting.some((waiting) => absorbs(waiting, job))) lane.waiting.push(job);
    startNext(lane);
  }

  function startNext(lane: Lane): void {
    if (lane.running !== undefined) return;
    lane.running = lane.waiting.shift();
    if (lane.running !== undefined) void run(lane, lane.running);
    else if (isIdle()) tellIdle?.();
  }

  async function run(lane: Lane, job: WorldJob): Promise<void> {
    const mine = life;
    try {
      await attempt(job, depsIn(mine));
    } catch (cause) {
      failure ??= cause;
    }
    if (mine.isOver) return;
    lane.running = undefined;
    startNext(lane);
  }

  function depsIn(mine: { readonly isOver: boolean }): JobWorld["deps"] {
    const { deps } = world;
    const slowly = <T extends object>(port: T) => inSteps(port, step, mine);
    return {
      ...deps,
      connect: async (...place) => slowly(await deps.connect(...place)),
      incidents: slowly(deps.incidents),
      gateRuns: slowly(deps.gateRuns),
      lastConfigs: slowly(deps.lastConfigs),
      heldFixtures: slowly(deps.heldFixtures),
      generations: slowly(deps.generations),
      models: deps.models && { ...deps.models, ...slowly({ ask: deps.models.ask }) },
    };
  }

  const isIdle = () => [...lanes.values()].every(({ running }) => running === undefined);
  return {
    async take(job) {
      if (job.kind === "gate-pull-request")
        await world.deps.generations.bumpGeneration(A_REPO, job.pullRequest);
      take(job);
    },
    kill() {
      life.isOver = true;
      life = { isOver: false };
      for (const lane of lanes.values()) if (lane.running !== undefined) void run(lane, lane.running);
    },
    async idle() {
      if (!isIdle()) await new Promise<void>((resolve) => (tellIdle = resolve));
      if (failure !== undefined) throw failure;
    },
  };
}

async function attempt(job: WorldJob, deps: JobWorld["deps"]): Promise<void> {
  if (job.kind === "gate-pull-request") await runGatePullRequest(job, aTurn(), deps);
  else await runDraftFixtures(job, aTurn(), deps);
}

/** A port whose every call waits for its step, and never answers in a life that is over. */
function inSteps<T extends object>(
  port: T,
  step: () => Promise<void>,
  life: { readonly isOver: boolean },
): T {
  return new Proxy(port, {
    get(target, name, receiver) {
      const member: unknown = Reflect.get(target, name, receiver);
      if (typeof member === "object" && member !== null) return inSteps(member, step, life);
      if (typeof member !== "function") return member;
      return async (...given: unknown[]) => {
        await step();
        if (life.isOver) return await new Promise(() => undefined);
        return await Reflect.apply(member, target, given);
      };
    },
  });
}
