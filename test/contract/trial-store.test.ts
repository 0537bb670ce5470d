import { randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { postgresTrials } from "../../src/adapters/postgres/trials.ts";
import { keepLater } from "../../src/adapters/trial-files/keep-later.ts";
import { openTrialFiles, type TrialFiles } from "../../src/adapters/trial-files/trial-files.ts";
import type { StoredTrial } from "../../src/core/trial/stored-trial.ts";
import type { TrialStore } from "../../src/ports/trial-store.ts";
import { reachableEngines } from "../build/databases.ts";
import { makeMemoryTrials } from "../build/memory-trials.ts";
import { aTrajectory } from "../build/reports.ts";

const KEY = "a".repeat(64);
const OTHER = "b".repeat(64);
const DAY_MS = 24 * 3_600_000;

function aStoredTrial(overrides: Partial<StoredTrial> = {}): StoredTrial {
  const trajectory = { ...aTrajectory(["tool:read_order"]), kinds: new Set(["model", "tool"] as const) };
  return { at: "2026-04-18T09:00:00.000Z", status: "passed", trajectory, judged: {}, ...overrides };
}

let folder: string;
let opened: TrialFiles[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "trials-"));
});
afterEach(async () => {
  await Promise.all(opened.map((store) => store.close()));
  opened = [];
  rmSync(folder, { recursive: true, force: true });
});

function inFiles(now = "2026-04-18T09:00:00Z", told: string[] = [], at = folder): TrialFiles {
  const store = openTrialFiles({
    folder: at,
    now: () => new Date(now),
    onTrouble: (because) => told.push(because),
  });
  opened.push(store);
  return store;
}

function inFilesLater(): TrialFiles {
  const store = keepLater(inFiles());
  opened.push(store);
  return store;
}

interface OpenTrials {
  readonly store: TrialStore;
  readonly remove: () => Promise<void>;
}

const NOTHING_TO_REMOVE = async () => undefined;

describe.each([
  { name: "in files", open: async () => ({ store: inFiles(), remove: NOTHING_TO_REMOVE }) },
  { name: "in files, later", open: async () => ({ store: inFilesLater(), remove: NOTHING_TO_REMOVE }) },
  { name: "in memory", open: async () => ({ store: makeMemoryTrials(), remove: NOTHING_TO_REMOVE }) },
  ...(await reachableEngines()).map(({ name, open }) => ({
    name: `on ${name}`,
    async open(): Promise<OpenTrials> {
      const { database, remove } = await open();
      return { store: postgresTrials(database.kysely), remove };
    },
  })),
])("trials $name", ({ open }) => {
  test("are found as they were kept, the last one of a key", async () => {
    const { store, remove } = await open();
    expect(await store.find(KEY)).toBeUndefined();
    await Promise.all([
      store.keep(KEY, aStoredTrial({ status: "failed" })),
      store.keep(OTHER, aStoredTrial()),
    ]);
    await store.keep(KEY, aStoredTrial({ judged: { q: aDecision() } }));
    expect(await store.find(KEY)).toEqual(aStoredTrial({ judged: { q: aDecision() } }));
    expect(await store.find(OTHER)).toEqual(aStoredTrial());
    await remove();
  });
});

describe.each(await reachableEngines())("trials on $name", ({ open }) => {
  let engine: Awaited<ReturnType<typeof open>>;
  beforeEach(async () => {
    engine = await open();
  });
  afterEach(async () => await engine.remove());

  test("that are no trials are a miss, and those that are too long are not kept", async () => {
    const { kysely } = engine.database;
    const store = postgresTrials(kysely);
    const contents = [Buffer.from("no zip"), gzipSync("{]"), gzipSync("x".repeat(70 * 1024 * 1024))];
    for (const [index, content] of contents.entries()) {
      const key = `${index}`.repeat(64);
      await kysely.insertInto("trials").values({ key, content }).execute();
      expect(await store.find(key)).toBeUndefined();
    }
    const output = randomBytes(2 * 1024 * 1024).toString("hex");
    await store.keep(KEY, aStoredTrial({ trajectory: aTrajectory([], { output }) }));
    expect(await store.find(KEY)).toBeUndefined();
  });

  test("are removed when they are old", async () => {
    const store = postgresTrials(engine.database.kysely);
    await store.keep(KEY, aStoredTrial());
    expect(await store.pruneTrials(new Date(Date.now() - DAY_MS))).toBe(0);
    expect(await store.pruneTrials(new Date(Date.now() + DAY_MS))).toBe(1);
    expect(await store.find(KEY)).toBeUndefined();
  });
});

function aDecision() {
  const usage = { inputTokens: 1, outputTokens: 1, cacheReadTokens: 0, cacheWriteTokens: 0 };
  return { kind: "decided", decisions: [], judge: "a judge", model: "m", usage } as const;
}

describe("trials in files", () => {
  test("are there for the next process, and while another one writes", async () => {
    const first = inFiles();
    await first.keep(KEY, aStoredTrial());
    const second = inFiles();
    await second.keep(OTHER, aStoredTrial());
    await first.keep(OTHER, aStoredTrial({ status: "failed" }));
    expect(await second.find(KEY)).toEqual(aStoredTrial());
    expect(await inFiles().find(KEY)).toEqual(aStoredTrial());
  });

  test("that nobody waited for are there once the store is closed", async () => {
    const first = inFilesLater();
    const keys = Array.from({ length: 300 }, (_, index) => index.toString(16).padStart(64, "0"));
    await Promise.all(keys.map((key) => first.keep(key, aStoredTrial())));
    await first.close();
    const second = inFiles();
    for (const key of keys) expect(await second.find(key)).toEqual(aStoredTrial());
  });

  test.each([
    { what: "is cut", spoil: (text: string) => text.slice(0, -20) },
    { what: "has another letter", spoil: (text: string) => text.replace("passed", "failed") },
    { what: "is no JSON", spoil: () => `${KEY} ${"0".repeat(16)} {]\n` },
    { what: "is empty", spoil: () => "" },
    { what: "has lost its key", spoil: (text: string) => text.slice(70) },
    { what: "is of bytes", spoil: () => "\u0000\ufffe".repeat(500) },
  ])("a file that $what is a miss", async ({ spoil }) => {
    await inFiles().keep(KEY, aStoredTrial());
    const path = join(folder, readdirSync(folder)[0] ?? "");
    writeFileSync(path, spoil(readFileSync(path, "utf8")));
    const store = inFiles();
    expect(await store.find(KEY)).toBeUndefined();
    await store.keep(KEY, aStoredTrial());
    expect(await inFiles().find(KEY)).toEqual(aStoredTrial());
  });

  test("are found in files of many megabytes, wherever a piece of them ends", async () => {
    const store = inFiles();
    const keys = Array.from({ length: 40 }, (_, index) => index.toString(16).padStart(64, "0"));
    const long = (index: number) => aTrajectory([], { output: "x".repeat(99_990 + 3 * index) });
    await Promise.all(keys.map((key, index) => store.keep(key, aStoredTrial({ trajectory: long(index) }))));
    const again = inFiles();
    for (const [index, key] of keys.entries()) {
      expect((await again.find(key))?.trajectory).toEqual(long(index));
    }
  });

  test("that are older than thirty days are removed with their file", async () => {
    await inFiles("2026-04-18T09:00:00Z").keep(KEY, aStoredTrial());
    const later = new Date(Date.parse("2026-04-18T09:00:00Z") + 31 * DAY_MS).toISOString();
    expect(await inFiles(later).find(KEY)).toBeUndefined();
    expect(readdirSync(folder)).toEqual([]);
  });

  test("that cannot be written are lost, and it is told once", async () => {
    const told: string[] = [];
    writeFileSync(join(folder, "file"), "");
    const store = inFiles(undefined, told, join(folder, "file/trials"));
    await store.keep(KEY, aStoredTrial());
    await store.keep(OTHER, aStoredTrial());
    expect(await store.find(KEY)).toBeUndefined();
    expect(told).toHaveLength(1);
  });
});
