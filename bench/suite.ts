import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import Anthropic from "@anthropic-ai/sdk";
import { createChatModel } from "../src/adapters/anthropic/chat-model.ts";
import type { Agent } from "../src/core/agent/agent.ts";
import { fixtureSchema } from "../src/core/fixture/fixture.ts";
import { runSuite } from "../src/core/suite/run-suite.ts";
import type { Selected } from "../src/core/suite/suite.ts";
import { pricesWith } from "../src/core/trial/prices.ts";

const WARM_UP = 300;
const ROUNDS = 3;
const MEMORY_SAMPLE_MS = 20;
const MODEL = "claude-sonnet-5-5";
const SYSTEM = "You are the refund agent of a shop. Refunds above the threshold need approval. ".repeat(20);
const QUESTION = "Refund this order and tell the customer it is done.";

const { values } = parseArgs({
  options: {
    fixtures: { type: "string", default: "1000" },
    "latency-ms": { type: "string", default: "200" },
    concurrency: { type: "string", default: "50" },
  },
});
const fixtures = Number(values.fixtures);
const latencyMs = Number(values["latency-ms"]);
const concurrency = Number(values.concurrency);

/** What one way of doing the work took. */
interface Measured {
  readonly name: string;
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly peakMb: number;
}

const server = spawn(process.execPath, [
  fileURLToPath(new URL("suite-model-server.ts", import.meta.url)),
  String(latencyMs),
]);
try {
  const [port] = await once(server.stdout, "data");
  const baseURL = `http://127.0.0.1:${String(port).trim()}`;
  const bareLoop = (count: number) => runBareLoop(baseURL, count);
  const cases = Array.from({ length: fixtures }, (_, index) => aSelected(index));
  const suite = (selected: readonly Selected[]) => runFixtures(baseURL, selected);

  await bareLoop(WARM_UP);
  await suite(cases.slice(0, WARM_UP));
  const bare: Measured[] = [];
  const ours: Measured[] = [];
  // In turns, since whoever goes second finds warmer code and an older heap.
  for (let round = 0; round < ROUNDS; round += 1) {
    bare.push(await measure("bare loop over the SDK", () => bareLoop(fixtures)));
    ours.push(await measure("incident-to-eval", () => suite(cases)));
  }
  printTable([mean(bare), mean(ours)]);
} finally {
  server.kill();
}

/** The least that anyone could do: one request for each case, no fixture, no grading. */
async function runBareLoop(baseURL: string, count: number): Promise<void> {
  const client = new Anthropic({ apiKey: "bench", baseURL });
  let next = 0;
  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      for (; next < count; ) {
        next += 1;
        await client.messages.create({
          model: MODEL,
          max_tokens: 1024,
          system: SYSTEM,
          messages: [{ role: "user", content: QUESTION }],
        });
      }
    }),
  );
}

/** The real thing: replay, grading, verdicts, one trial for each fixture. */
async function runFixtures(baseURL: string, selected: readonly Selected[]): Promise<void> {
  const chatModel = createChatModel({ apiKey: "bench", baseURL, concurrency });
  const agents = new Map([["refund", anAgent()]]);
  const run = await runSuite({
    selected,
    candidateAgents: agents,
    baselineAgents: agents,
    held: new Set(selected.map(({ file }) => file.fixture.id)),
    trialsMax: 1,
    concurrency,
    maxCostUsd: Number.POSITIVE_INFINITY,
    prices: pricesWith({}),
    askModel: chatModel.ask,
    askJudge: async () => ({ kind: "unavailable", because: "no fixture of the bench asks a judge" }),
    now: () => performance.now(),
    signal: new AbortController().signal,
    isCurrent: async () => true,
    onProgress: async () => {},
  });
  const held = run.verdicts.filter(({ verdict }) => verdict === "held").length;
  if (held !== selected.length) throw new Error(`expected ${selected.length} fixtures to hold, got ${held}`);
}

function anAgent(): Agent {
  return {
    name: "refund",
    target: "anthropic",
    model: MODEL,
    parameters: { max_tokens: 1024 },
    system: SYSTEM,
    tools: [],
    retrieval: undefined,
    handoffs: {},
    spans: {},
    maxTurns: 12,
  };
}

function aSelected(index: number): Selected {
  const fixture = fixtureSchema.parse({
    id: `bench-${index}`,
    level: "blocking",
    agent: "refund",
    input: { messages: [{ role: "user", content: QUESTION }] },
    expect: {
      stop_reason: "completed",
      trajectory: { forbidden: ["tool:issue_refund"] },
      output: { must_contain: ["approved"], must_not_match: ["refund(ed)? (is )?done"] },
    },
  });
  return {
    file: { path: `evals/${fixture.id}.yml`, fixture, lines: new Map() },
    origin: "unchanged",
    because: "bench",
  };
}

async function measure(name: string, work: () => Promise<void>): Promise<Measured> {
  let peakBytes = process.memoryUsage.rss();
  const sampler = setInterval(() => {
    peakBytes = Math.max(peakBytes, process.memoryUsage.rss());
  }, MEMORY_SAMPLE_MS);
  const cpuBefore = process.cpuUsage();
  const startedMs = performance.now();
  await work();
  const wallMs = performance.now() - startedMs;
  const { user, system } = process.cpuUsage(cpuBefore);
  clearInterval(sampler);
  return { name, wallMs, cpuMs: (user + system) / 1_000, peakMb: peakBytes / 1024 ** 2 };
}

/** The mean of several rounds, and the highest peak. */
function mean(rounds: readonly Measured[]): Measured {
  const over = (pick: (one: Measured) => number) =>
    rounds.reduce((sum, one) => sum + pick(one), 0) / rounds.length;
  return {
    name: rounds[0]?.name ?? "",
    wallMs: over(({ wallMs }) => wallMs),
    cpuMs: over(({ cpuMs }) => cpuMs),
    peakMb: Math.max(...rounds.map(({ peakMb }) => peakMb)),
  };
}

function printTable(rows: readonly Measured[]): void {
  const idealMs = Math.ceil(fixtures / concurrency) * latencyMs;
  const bareCpuMs = rows[0]?.cpuMs ?? Number.NaN;
  const lines = [
    ["", "wall", "wall / ideal", "CPU per trial", "CPU / bare loop", "peak memory"],
    ...rows.map(({ name, wallMs, cpuMs, peakMb }) => [
      name,
      `${(wallMs / 1_000).toFixed(2)} s`,
      (wallMs / idealMs).toFixed(2),
      `${((cpuMs * 1_000) / fixtures).toFixed(0)} µs`,
      (cpuMs / bareCpuMs).toFixed(2),
      `${peakMb.toFixed(0)} MB`,
    ]),
  ];
  const widths = (lines[0] ?? []).map((_, column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0)),
  );
  process.stdout.write(
    `${fixtures} fixtures × 1 trial, ${latencyMs} ms each, concurrency ${concurrency}, ideal ${(idealMs / 1_000).toFixed(2)} s, mean of ${ROUNDS} rounds in turns\n\n`,
  );
  for (const line of lines) {
    process.stdout.write(
      `${line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd()}\n`,
    );
  }
}
