import { FAULTS, type Fault, type FaultPlan } from "./faults.ts";
import type { Front } from "./front.ts";
import type { Request } from "./github-front/exchange.ts";
import type { RunningApp } from "./running-app.ts";

const LOOK_MS = 100;
const LOG_LINES_SHOWN = 40;

/** Longer than a read lags in these tests, with what was read just before it; far shorter than GitHub's. No attempt waits longer than the first. */
export const FAULT_WAITS = { gitHubLagMs: 2_000, retryDelaySeconds: 1 };
/** How long a test of faults waits for what must come; nothing of it is waited for where all goes well. */
const PATIENCE_MS = 90_000;
/** Leaves the test the time to say what it waited for in vain. */
export const FAULT_TEST_MS = PATIENCE_MS + 10_000;
export const FAULT_SEEDS = [1, 2];
/** How many of all requests fail in the runs by chance. */
export const FAULT_RATE = 0.1;

export type FaultName = keyof typeof FAULTS;

/** Tells which request is meant. */
export type When = (request: Request) => boolean;

/** The faults that hold up everything that an installation does, so that they have a test of their own. */
export const LIMITS = ["403 secondary limit", "429 too many requests", "403 primary limit"] as const;

/** All others, each of which befalls one request alone. */
export const FAULT_NAMES = (Object.keys(FAULTS) as FaultName[]).filter(
  (name) => !LIMITS.some((limit) => limit === name),
);

/** What may befall any request by chance. */
export const FAULTS_BY_CHANCE: readonly Fault[] = FAULT_NAMES.filter(
  (name) => name !== "401 for an expired token",
).map((name) => FAULTS[name]);

/** Lets the faults in turn befall the first request of each kind, and tells which have not come yet. */
export function befallEach(
  front: Front,
  points: Readonly<Record<string, When>>,
  faults: readonly FaultName[],
): () => readonly string[] {
  let befallen = 0;
  const left = new Map(Object.entries(points));
  const plan: FaultPlan = (request) => {
    const [point] = [...left].find(([, when]) => when(request)) ?? [];
    if (point === undefined) return undefined;
    left.delete(point);
    const name = faults[befallen % faults.length];
    befallen += 1;
    return name === undefined ? undefined : FAULTS[name];
  };
  front.inject(plan);
  return () => [...left.keys()];
}

/** Waits until something is the case; fails with the end of the app's log where it does not come about. */
export async function patiently(app: RunningApp, isSo: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!(await isSo())) {
    if (performance.now() > deadline) {
      const lines = app.log().split("\n").slice(-LOG_LINES_SHOWN).join("\n");
      throw new Error(`waited in vain for: ${isSo}\nthe log ends with\n${lines}`);
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

/** The path of a request, without what follows the question mark. */
export function whereOf({ path }: Request): string {
  return path.split("?")[0] ?? "";
}
