import { readFile } from "node:fs/promises";
import { z } from "zod";
import { type Standing, standingOf } from "../core/report/standing.ts";
import { nameOfSelected } from "../core/suite/narrow-plan.ts";
import type { Side } from "../core/trial/trial.ts";
import { inputText } from "../core/trial/trial-key.ts";
import type { FixtureVerdict } from "../core/verdict/verdict.ts";
import { digest } from "./keep-trials.ts";
import { lastRunPath, noteInOwnFolder } from "./own-folder.ts";

const keys = z.array(z.string().nullable());

const lastSchema = z.object({
  standing: z.enum(["failing", "undecided", "listed", "passing"]),
  /** Mean of its trials, where it is known. */
  cost_usd: z.number().nullable(),
  /** Digest of what the agent was given, to tell whether the trials are still those of the fixture. */
  input: z.string(),
  /** Keys of the trials that are kept, by their number; null for one that is not. */
  candidate: keys,
  baseline: keys.nullable(),
  base: z.object({ sha: z.string(), branch: z.string() }).nullable(),
});

const lastRunSchema = z.object({ version: z.literal(1), fixtures: z.record(z.string(), lastSchema) });

/** What a fixture came to when it ran last. */
export type LastResult = z.output<typeof lastSchema>;

/** What the fixtures of a checkout came to when each of them ran last, by `nameOfSelected`. */
export type LastRun = ReadonlyMap<string, LastResult>;

/** Reads what was noted of the last runs; what is missing or cannot be read is nothing. */
export async function readLastRun(top: string): Promise<LastRun> {
  const text = await readFile(lastRunPath(top), "utf8").catch(() => "");
  const read = lastRunSchema.safeParse(parseJson(text));
  return new Map(read.success ? Object.entries(read.data.fixtures) : []);
}

/** Notes what fixtures came to; what others came to before stays. */
export async function noteLastRun(
  top: string,
  before: LastRun,
  verdicts: readonly FixtureVerdict[],
  base: LastResult["base"],
): Promise<void> {
  const now = verdicts.map((verdict) => [nameOfSelected(verdict), resultOf(verdict, base)] as const);
  const fixtures = Object.fromEntries([...before, ...now]);
  await noteInOwnFolder(lastRunPath(top), JSON.stringify({ version: 1, fixtures }));
}

/** Tells whether a fixture has to be looked at: all that is not seen to pass, or is listed as known. */
export function isTroubled(standing: Standing): boolean {
  return standing === "failing" || standing === "undecided";
}

/** What trials of fixtures cost in USD when they ran last. */
export function seenCosts(last: LastRun): ReadonlyMap<string, number> {
  return new Map([...last].flatMap(([name, { cost_usd }]) => (cost_usd === null ? [] : [[name, cost_usd]])));
}

function resultOf(verdict: FixtureVerdict, base: LastResult["base"]): LastResult {
  const { candidate, baseline, file } = verdict;
  const costs = candidate.trials.flatMap((trial) =>
    trial.status === "errored" || trial.costUsd === undefined ? [] : [trial.costUsd],
  );
  return {
    standing: standingOf(verdict),
    cost_usd: costs.length === 0 ? null : costs.reduce((sum, cost) => sum + cost, 0) / costs.length,
    input: digest(inputText(file.fixture)),
    candidate: keysOf(candidate),
    baseline: baseline === undefined ? null : keysOf(baseline),
    base,
  };
}

function keysOf({ trials }: Side): LastResult["candidate"] {
  return trials.map((trial) => (trial.status === "errored" ? null : (trial.kept?.key ?? null)));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
