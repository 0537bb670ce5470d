import { parseArgs } from "node:util";
import pg from "pg";
import type { Fault } from "./find-faults.ts";
import { type LaneOptions, type LaneResult, runLane } from "./lane.ts";

const KILLS_DEFAULT = "50";
/** Worlds side by side, each with its own app: starting one keeps a core busy. */
const LANES_DEFAULT = "2";
const FAULTS_SHOWN_MAX = 40;
const SECOND_MS = 1_000;

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: KILLS_DEFAULT },
    lanes: { type: "string", default: LANES_DEFAULT },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    database: { type: "string" },
    workers: { type: "string", default: "1" },
    sweep: { type: "boolean", default: false },
  },
});
const kills = Number(values.kills);
const lanes = Number(values.lanes);
const seed = Number(values.seed);
const processes = Number(values.workers);

/** A kind of store that the app is killed on. */
interface Ground {
  readonly name: string;
  readonly serverUrl: string | undefined;
}

const server = values.database ?? process.env.TEST_DATABASE_URL;
const embedded: Ground = { name: "embedded store", serverUrl: undefined };
const onServer: Ground = { name: "PostgreSQL", serverUrl: server };
const grounds =
  values.database !== undefined || processes > 1
    ? [onServer]
    : server === undefined
      ? [embedded]
      : [embedded, onServer];
if (processes > 1 && server === undefined)
  throw new Error("several processes need --database or TEST_DATABASE_URL");

let isWrong = false;
for (const ground of grounds) {
  const startedMs = performance.now();
  let killed = 0;
  const results = await Promise.all(
    Array.from({ length: lanes }, (_, lane) =>
      withDatabase(ground, seed + lane, (databaseUrl) =>
        runLane({
          seed: seed * 1_000 + lane * 10,
          kills: Math.ceil(kills / lanes),
          databaseUrl,
          processes,
          sweepsItself: values.sweep,
          onKill: () => {
            killed += 1;
            process.stderr.write(
              `\r${ground.name}: ${killed} of ${kills} kills, ${secondsSince(startedMs)} s `,
            );
          },
        }),
      ),
    ),
  );
  process.stderr.write("\n");
  tell(ground, results, secondsSince(startedMs));
  isWrong ||= results.some(({ faults }) => faults.length > 0);
}
process.exitCode = isWrong ? 1 : 0;

/** Gives a lane a database of its own where it needs one, and removes it afterwards. */
async function withDatabase<T>(
  { serverUrl }: Ground,
  number: number,
  work: (url: LaneOptions["databaseUrl"]) => Promise<T>,
): Promise<T> {
  if (serverUrl === undefined) return await work(undefined);
  const name = `chaos_${process.pid}_${number}`;
  await administer(serverUrl, `create database ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  try {
    return await work(url.href);
  } finally {
    await administer(serverUrl, `drop database ${name} with (force)`);
  }
}

async function administer(serverUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

function tell({ name }: Ground, results: readonly LaneResult[], seconds: number): void {
  const sum = (count: (result: LaneResult) => number) =>
    results.reduce((all, result) => all + count(result), 0);
  const faults = results.flatMap((result) => result.faults);
  const count = (kind: Fault["kind"]) => faults.filter((fault) => fault.kind === kind).length;
  process.stdout.write(
    `${name}, seed ${seed}: ${sum((one) => one.kills)} kills, ${sum((one) => one.starts)} starts, ` +
      `${sum((one) => one.deeds)} things done, ${sum((one) => one.accepted)} deliveries accepted ` +
      `(${sum((one) => one.redelivered)} of them sent more than once), ${seconds} s: ` +
      `${count("lost")} lost, ${count("doubled")} doubled, ${count("stuck")} stuck, ${count("wrong")} wrong\n`,
  );
  for (const { kind, what } of faults.slice(0, FAULTS_SHOWN_MAX))
    process.stdout.write(`  ${kind}: ${what}\n`);
  if (faults.length > FAULTS_SHOWN_MAX)
    process.stdout.write(`  and ${faults.length - FAULTS_SHOWN_MAX} more\n`);
  for (const { directory } of results.filter((one) => one.faults.length > 0))
    process.stdout.write(`  what the app logged is in ${directory}\n`);
}

function secondsSince(startedMs: number): number {
  return Math.round((performance.now() - startedMs) / SECOND_MS);
}
