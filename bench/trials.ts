import { parseArgs } from "node:util";
import { lastBounds, shortestTest, type TestAim } from "../src/core/statistics/sequential-test.ts";
import {
  decideByTally,
  nextTrials,
  type StopRule,
  type Tally,
  TRIALS_MAX,
  trialsMaxOf,
} from "../src/core/trial/stopping.ts";

/**
 * How many trials a decision costs, and how often it is wrong: our stopping rule beside a fixed number of repeats.
 * Fixtures are simulated with true pass rates from a grid; nothing is run. The same seed gives the same table.
 */

/** What a fixed number of repeats is read with: the fewest failures that are likelier from an agent this much worse. */
const DROP = 0.25;

/** True pass rates, from an agent that always fails to one that never does. */
const GRID = Array.from({ length: 21 }, (_, step) => step / 20);

/** The pass rates that fixtures ask for. */
const ASKED = [0.8, 0.9, 0.95, 1];

/** Share of wrong answers, of either kind, that the stopping rule promises at most. */
const ERROR_RATE = 0.05;

const SHARE_SAVED_MIN = 0.6;

interface Outcome {
  readonly decided: "passed" | "failed";
  readonly trials: number;
}

interface Sum {
  trials: number;
  fixtures: number;
  falseAlarms: number;
  healthy: number;
  missed: number;
  worse: number;
}

const { values } = parseArgs({
  options: {
    fixtures: { type: "string", default: "10000" },
    repeats: { type: "string", default: "20" },
    seed: { type: "string", default: "1" },
  },
});
const fixtures = Number(values.fixtures);
const repeats = Number(values.repeats);
const chance = aChance(Number(values.seed));

process.stdout.write(
  `${fixtures.toLocaleString("en")} fixtures for each pass rate asked, true pass rates in equal shares from 0 to 1; seed ${values.seed}.\n` +
    `A false alarm fails an agent at or above the rate asked; a miss passes one that is ${DROP} or more below it.\n\n`,
);
process.stdout.write(row(["asked", "", "trials", "we save", "false alarms", "missed"]));
const [ours, fixed, equal] = [aSum(), aSum(), aSum()];
for (const asked of ASKED) {
  const [stopped, repeated, enough] = [aSum(), aSum(), aSum()];
  const needed = Math.max(repeats, asked === 1 ? 0 : (shortestTest(aimOf(asked), TRIALS_MAX) ?? TRIALS_MAX));
  for (let index = 0; index < fixtures; index += 1) {
    const passRate = GRID[index % GRID.length] as number;
    const outcomes = [
      sequentially(asked, passRate),
      repeatedly(asked, passRate, repeats),
      repeatedly(asked, passRate, needed),
    ];
    for (const [way, sums] of [
      [stopped, ours],
      [repeated, fixed],
      [enough, equal],
    ].entries())
      for (const sum of sums) count(sum, outcomes[way] as Outcome, passRate, asked);
  }
  report(String(asked), "as we stop", stopped);
  report("", `${repeats} repeats`, repeated, stopped);
  if (needed > repeats) report("", `${needed} repeats`, enough, stopped);
}
report("all", "as we stop", ours);
report("", `${repeats} repeats`, fixed, ours);
report("", "as many as keep it", equal, ours);

const saved = savedBy(ours, equal);
process.stdout.write(
  `\nWe stop after ${percent(saved)} fewer trials than the repeats (${repeats} or more) that keep errors of ${percent(ERROR_RATE)} ` +
    `(to reach: ${percent(SHARE_SAVED_MIN)}), after ${percent(savedBy(ours, fixed))} fewer than ${repeats} repeats, ` +
    `and are wrong in ${percent(errors(ours))} of the cases that have a right answer against ${percent(errors(equal))} and ${percent(errors(fixed))}: ` +
    `${saved >= SHARE_SAVED_MIN && errors(ours) <= errors(fixed) ? "reached" : "MISSED"}.\n`,
);

function sequentially(asked: number, passRate: number): Outcome {
  const rule: StopRule = { passRate: asked, trialsMax: trialsMaxOf({ pass_rate: asked }, repeats) };
  let tally: Tally = { passed: 0, failed: 0 };
  for (let next = nextTrials(tally, rule); next > 0; next = nextTrials(tally, rule))
    tally = add(tally, next, passRate);
  const decided = decideByTally(tally, rule);
  if (decided === "open") throw new Error(`${JSON.stringify(tally)} decides nothing at ${asked}.`);
  return { decided, trials: tally.passed + tally.failed };
}

/** What a runner does that repeats each fixture the same number of times and looks once. */
function repeatedly(asked: number, passRate: number, trials: number): Outcome {
  const { failed } = add({ passed: 0, failed: 0 }, trials, passRate);
  const failAt = asked === 1 ? 1 : lastBounds(aimOf(asked), trials).failAt;
  return { decided: failed >= failAt ? "failed" : "passed", trials };
}

function aimOf(asked: number): TestAim {
  return { healthy: asked, worse: asked - DROP, falseAlarms: ERROR_RATE, missed: ERROR_RATE };
}

function add({ passed, failed }: Tally, trials: number, passRate: number): Tally {
  let passes = 0;
  for (let trial = 0; trial < trials; trial += 1) if (chance() < passRate) passes += 1;
  return { passed: passed + passes, failed: failed + trials - passes };
}

function count(sum: Sum, { decided, trials }: Outcome, passRate: number, asked: number): void {
  sum.fixtures += 1;
  sum.trials += trials;
  // The grid's rates are not exact in binary.
  if (passRate >= asked - 1e-9) {
    sum.healthy += 1;
    if (decided === "failed") sum.falseAlarms += 1;
  } else if (passRate <= asked - DROP + 1e-9) {
    sum.worse += 1;
    if (decided === "passed") sum.missed += 1;
  }
}

function report(name: string, way: string, sum: Sum, against?: Sum): void {
  const figures = [mean(sum).toFixed(2), against === undefined ? "" : percent(savedBy(against, sum))];
  process.stdout.write(row([name, way, ...figures, ...errorWords(sum)]));
}

function savedBy(sum: Sum, against: Sum): number {
  return 1 - mean(sum) / mean(against);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(share < 0.05 ? 2 : 1)} %`;
}

function errorWords(sum: Sum): readonly string[] {
  return [percent(sum.falseAlarms / Math.max(1, sum.healthy)), percent(sum.missed / Math.max(1, sum.worse))];
}

function mean({ trials, fixtures: runs }: Sum): number {
  return trials / runs;
}

function errors({ falseAlarms, missed, healthy, worse }: Sum): number {
  return (falseAlarms + missed) / (healthy + worse);
}

function aSum(): Sum {
  return { trials: 0, fixtures: 0, falseAlarms: 0, healthy: 0, missed: 0, worse: 0 };
}

function row([asked = "", way = "", ...figures]: readonly string[]): string {
  return `${asked.padEnd(7)}${way.padEnd(20)}${figures.map((figure) => figure.padStart(14)).join("")}\n`;
}

/** Mulberry32: numbers from 0 to 1, the same for the same seed. */
function aChance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    const mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    const again = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((again ^ (again >>> 14)) >>> 0) / 2 ** 32;
  };
}
