import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { DatabasePlace } from "../src/adapters/postgres/open-database.ts";
import { isReady } from "./app-process.ts";
import { Crew, findFreePort, type Member } from "./crew.ts";
import { type Fault, findFaults } from "./find-faults.ts";
import { letPeopleWork } from "./people.ts";
import { isAccepted, isMissable } from "./post-office.ts";
import { type Random, randomFrom } from "./random.ts";
import { readStore, type StoreState } from "./read-store.ts";
import { startWorld, type World } from "./world.ts";

/** How much people do for each kill. */
const DEEDS_PER_KILL = 3;
const DEED_PAUSE_MS_MAX = 500;
/** Of the kills, this share comes while the app is starting, at any moment of it. */
const WHILE_STARTING_SHARE = 0.35;
/** The others come some time after it is ready. */
const UP_MS_MAX = 1_500;
/** The first starts have more to do: so many of them are cut off, within the time that this takes on a machine with nothing else to do. */
const FIRST_STARTS = 2;
const FIRST_START_MS = 6_000;
/** Of the kills, this share comes soon after a SIGTERM, as when a platform loses its patience. */
const TERMINATED_SHARE = 0.15;
const PATIENCE_MS_MAX = 400;
/** The app is left alone until it has asked nothing of GitHub for this long. */
const QUIET_MS = 3_000;
const LOOK_MS = 200;
const REDELIVERED_AT_ONCE = 10;
/** Heartbeats of dead workers run out within a minute, and back-off may follow. */
const SETTLED_MS_MAX = 240_000;
/** A delivery that is asked for in vain is asked for again after five minutes, by a sweep that comes every ten. */
const SWEPT_MS_MAX = 40 * 60_000;

/** One world with one app that is killed again and again. */
export interface LaneOptions {
  readonly seed: number;
  readonly kills: number;
  /** Default: an embedded store in a directory of its own. */
  readonly databaseUrl?: string | undefined;
  /** More than one needs a server. */
  readonly processes: number;
  /** The app alone finds what it missed, in GitHub's log of deliveries; that takes it some minutes. */
  readonly sweepsItself: boolean;
  /** Called after each kill. */
  readonly onKill: () => void;
}

/** What came of it. */
export interface LaneResult {
  readonly kills: number;
  readonly starts: number;
  readonly deeds: number;
  readonly accepted: number;
  readonly redelivered: number;
  readonly faults: readonly Fault[];
  /** Where the app's log and its store are; removed where nothing is wrong. */
  readonly directory: string;
}

/** Kills an app while people work, leaves it alone, and compares the world with what it should be. */
export async function runLane(options: LaneOptions): Promise<LaneResult> {
  const { seed, kills, databaseUrl, processes, sweepsItself } = options;
  const directory = await mkdtemp(join(tmpdir(), "chaos-"));
  const place: DatabasePlace =
    databaseUrl === undefined
      ? { kind: "directory", path: join(directory, "data") }
      : { kind: "server", url: databaseUrl };
  const port = await findFreePort();
  const world = await startWorld(port, randomFrom(seed));
  const crew = await Crew.muster({ world, place, port, logFile: join(directory, "app.log"), processes });
  try {
    const working = letPeopleWork(world, randomFrom(seed + 1), {
      deeds: kills * DEEDS_PER_KILL,
      pauseMsMax: DEED_PAUSE_MS_MAX,
    });
    const operator = sweepsItself ? undefined : redeliverWhatWasMissed(world, port);
    await killAgainAndAgain(crew, kills, randomFrom(seed + 2), options.onKill);
    const deeds = await working;
    const store = await settle(world, crew, place, sweepsItself ? SWEPT_MS_MAX : SETTLED_MS_MAX);
    await operator?.stop();
    const faults = [...crew.faults, ...(await findFaults(world, deeds, store))];
    if (faults.length === 0) await rm(directory, { recursive: true, force: true });
    return {
      kills: crew.kills,
      starts: crew.starts,
      deeds: deeds.count,
      accepted: world.post.log().filter(isAccepted).length,
      redelivered: world.post.log().filter(({ answers }) => answers.length > 1).length,
      faults,
      directory,
    };
  } finally {
    await crew.disband();
    await world.close();
  }
}

async function killAgainAndAgain(
  crew: Crew,
  kills: number,
  random: Random,
  onKill: () => void,
): Promise<void> {
  while (crew.kills < kills) {
    const member = random.pick<Member | undefined>([crew.members[0], ...crew.members]);
    if (member === undefined) throw new Error("an app has at least one process");
    await awaitTheMoment(member, crew, random);
    if (random.share() < TERMINATED_SHARE) {
      member.process.terminate();
      await sleep(random.between(0, PATIENCE_MS_MAX));
    }
    await crew.replace(member);
    onKill();
  }
}

async function awaitTheMoment({ process }: Member, crew: Crew, random: Random): Promise<void> {
  if (crew.kills < FIRST_STARTS) return await sleep(random.between(0, FIRST_START_MS));
  if (random.share() < WHILE_STARTING_SHARE) return await sleep(random.between(0, crew.startMs));
  crew.startMs = (await process.ready()) ?? crew.startMs;
  await sleep(random.between(0, UP_MS_MAX));
}

/** Does what an operator does who sees failed deliveries in GitHub's log; by itself the app asks for them within minutes. */
function redeliverWhatWasMissed({ post }: World, port: number): { stop(): Promise<void> } {
  let isWanted = true;
  const working = (async () => {
    while (isWanted) {
      await sleep(LOOK_MS);
      if (!(await isReady(port))) continue;
      const missed = post.log().filter((delivery) => delivery.answers.length > 0 && !isAccepted(delivery));
      await Promise.all(missed.slice(0, REDELIVERED_AT_ONCE).map((delivery) => post.redeliver(delivery)));
    }
  })();
  return {
    async stop() {
      isWanted = false;
      await working;
    },
  };
}

/** Leaves the app alone until nothing is left to do, or until that takes too long; then it is stopped, and its store read. */
async function settle(
  world: World,
  crew: Crew,
  place: DatabasePlace,
  patienceMs: number,
): Promise<StoreState> {
  const startedMs = performance.now();
  for (let quietMs = QUIET_MS; ; quietMs *= 2) {
    await crew.ready();
    await untilQuiet(world, quietMs, startedMs + patienceMs);
    await crew.drain();
    const store = await readStore(place);
    if (isSettled(world, store) || performance.now() - startedMs > patienceMs) return store;
    crew.restart();
  }
}

async function untilQuiet({ front, post }: World, quietMs: number, untilMs: number): Promise<void> {
  const begunMs = performance.now();
  const isQuiet = () => performance.now() - Math.max(begunMs, front.lastAskedMs()) > quietMs;
  while (performance.now() < untilMs) {
    await post.idle();
    if (isQuiet() && post.log().filter(isMissable).every(isAccepted)) return;
    await sleep(LOOK_MS);
  }
}

function isSettled({ post }: World, store: StoreState): boolean {
  const isProcessed = post
    .log()
    .filter(isMissable)
    .every(({ guid }) => store.deliveries.get(guid) === "processed");
  return isProcessed && store.jobsLeft.length === 0;
}
