import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type Measured, measure, middle } from "./suite-process.ts";
import { makeProject } from "./suite-project.ts";
import { type Figure, printFigures, printRows } from "./suite-report.ts";

const CLI = scriptBeside("../src/cli/main.ts");
const BARE_LOOP = scriptBeside("suite-bare-loop.ts");
const PARSING = scriptBeside("suite-parsing.ts");
const PARSED_FILES = 10_000;
/** Of fixtures in the runs whose exit codes are looked at. */
const EXIT_FIXTURES = 200;
const NAMES = { http: "bare loop over node:http", sdk: "bare loop over the SDK", ours: "incident-to-eval" };

const { values } = parseArgs({
  options: {
    fixtures: { type: "string", default: "1000" },
    "latency-ms": { type: "string", default: "200" },
    concurrency: { type: "string", multiple: true, default: ["50", "200"] },
    rounds: { type: "string", default: "3" },
    /** Runs whose exit codes are looked at. */
    exits: { type: "string", default: "20" },
  },
});
const fixtures = Number(values.fixtures);
const latencyMs = Number(values["latency-ms"]);
const rounds = Number(values.rounds);

const folder = mkdtempSync(join(tmpdir(), "suite-"));
const server = spawn(process.execPath, [scriptBeside("suite-model-server.ts"), String(latencyMs)]);
try {
  const [port] = await once(server.stdout, "data");
  const baseURL = `http://127.0.0.1:${String(port).trim()}`;
  const figures = [
    ...(await measureStart(baseURL)),
    ...(await measureSuites(baseURL)),
    ...(await measureParsing()),
    ...(await measureExitCodes(baseURL)),
  ];
  printFigures(figures);
} finally {
  server.kill();
  rmSync(folder, { recursive: true, force: true });
}

/** The whole command on a project, nothing reused. */
async function ours(project: string, baseURL: string, concurrency: number): Promise<Measured> {
  const environment = { ANTHROPIC_API_KEY: "bench", ANTHROPIC_BASE_URL: baseURL };
  return await measure({
    args: [CLI, "run", "--no-cache"],
    cwd: project,
    env: {
      ...environment,
      MODEL_CONCURRENCY: String(concurrency),
      XDG_CACHE_HOME: join(folder, "cache"),
    },
  });
}

async function bare(over: "http" | "sdk", baseURL: string, count: number, concurrency: number) {
  return await measure({ args: [BARE_LOOP, over, baseURL, String(count), String(concurrency)] });
}

/** In turns, since the machine is not the same from one minute to the next. */
async function inTurns(project: string, baseURL: string, count: number, concurrency: number) {
  const taken: Record<keyof typeof NAMES, Measured[]> = { http: [], sdk: [], ours: [] };
  for (let round = 0; round < rounds; round += 1) {
    taken.http.push(await bare("http", baseURL, count, concurrency));
    taken.sdk.push(await bare("sdk", baseURL, count, concurrency));
    taken.ours.push(held(await ours(project, baseURL, concurrency)));
  }
  return { http: middle(taken.http), sdk: middle(taken.sdk), ours: middle(taken.ours) };
}

function held(run: Measured): Measured {
  if (run.exitCode === 0) return run;
  throw new Error(`expected all fixtures to hold, got exit code ${run.exitCode}:\n${run.printed}`);
}

async function measureStart(baseURL: string): Promise<readonly Figure[]> {
  const project = makeProject(join(folder, "one"), 1);
  const first = held(await ours(project, baseURL, 1));
  const taken = await inTurns(project, baseURL, 1, 1);
  const rows = Object.entries({ ...NAMES, first: `${NAMES.ours}, first run on a machine` }).map(
    ([key, name]) => ({ name, measured: { ...taken, first }[key] ?? first, idealMs: latencyMs }),
  );
  printRows(`one fixture, the answer after ${latencyMs} ms`, rows);
  const seconds = (taken.ours.wallMs - latencyMs) / 1_000;
  return [{ name: "one fixture, without the model's time", value: seconds, target: 0.45, unit: "s" }];
}

async function measureSuites(baseURL: string): Promise<readonly Figure[]> {
  const project = makeProject(join(folder, "many"), fixtures);
  const cold = held(await ours(project, baseURL, 50));
  const figures: Figure[] = [];
  for (const concurrency of values.concurrency.map(Number)) {
    const taken = await inTurns(project, baseURL, fixtures, concurrency);
    const idealMs = Math.ceil(fixtures / concurrency) * latencyMs;
    const rows = [
      { name: NAMES.http, measured: taken.http, idealMs },
      { name: NAMES.sdk, measured: taken.sdk, idealMs },
      { name: NAMES.ours, measured: taken.ours, idealMs },
    ];
    printRows(`${fixtures} fixtures × 1 call of ${latencyMs} ms, concurrency ${concurrency}`, rows);
    const of = `${fixtures} fixtures at concurrency ${concurrency}`;
    const target = concurrency >= 200 && fixtures < 10_000 ? 1.6 : 1.1;
    figures.push(
      { name: `${of}: wall / ideal`, value: taken.ours.wallMs / idealMs, target },
      { name: `${of}: CPU / bare SDK loop`, value: taken.ours.cpuMs / taken.sdk.cpuMs, target: 1 },
      { name: `${of}: peak`, value: taken.ours.peakMb, target: 200, unit: "MiB" },
    );
  }
  const idealMs = Math.ceil(fixtures / 50) * latencyMs;
  printRows("the same, its files never read before", [{ name: NAMES.ours, measured: cold, idealMs }]);
  return figures;
}

async function measureParsing(): Promise<readonly Figure[]> {
  const taken = { yaml: [] as number[], cold: [] as number[], kept: [] as number[] };
  for (let round = 0; round < rounds; round += 1) {
    const kept = mkdtempSync(join(folder, "kept-"));
    for (const way of ["yaml", "cold", "kept"] as const) {
      const { printed } = await measure({ args: [PARSING, way, String(PARSED_FILES), kept] });
      taken[way].push(Number(printed));
    }
  }
  const seconds = (all: readonly number[]) =>
    ([...all].sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? Number.NaN) / 1_000;
  const yaml = seconds(taken.yaml);
  return [
    {
      name: `${PARSED_FILES} files: read / package \`yaml\` alone`,
      value: seconds(taken.cold) / yaml,
      target: 1.2,
    },
    { name: `${PARSED_FILES} files: read before`, value: seconds(taken.kept), target: 0.6, unit: "s" },
  ];
}

/** Suites that hold and suites with one failure, in turns, each with its own exit code. */
async function measureExitCodes(baseURL: string): Promise<readonly Figure[]> {
  const projects = [0, 1].map((failing) =>
    makeProject(join(folder, `exit-${failing}`), EXIT_FIXTURES, failing),
  );
  const runs = Number(values.exits);
  let wrong = 0;
  for (let run = 0; run < runs; run += 1) {
    const expected = run % 2;
    const { exitCode } = await ours(projects[expected] ?? "", baseURL, 200);
    if (exitCode !== expected) wrong += 1;
  }
  return [{ name: `wrong exit codes in ${runs} runs at concurrency 200`, value: wrong, target: 0 }];
}

function scriptBeside(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}
