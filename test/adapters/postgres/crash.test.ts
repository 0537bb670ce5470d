import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { DirectoryInUse } from "../../../src/adapters/postgres/directory-lock.ts";
import { openInbox } from "../../../src/adapters/postgres/inbox.ts";
import { openDatabase } from "../../../src/adapters/postgres/open-database.ts";
import { PgBossQueue } from "../../../src/adapters/postgres/pg-boss-queue.ts";
import {
  absorbs,
  JOB_POLICIES,
  type Job,
  jobKey,
  jobSchema,
  RETIRED_KINDS,
} from "../../../src/app/jobs/job.ts";
import { aDelivery } from "../../build/delivery.ts";
import { until } from "../../build/until.ts";

/** Two processes make and open a database on a disk, one after the other. */
const TEST_MS = 90_000;

let directory: string;
let child: ChildProcess | undefined;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "incident-to-eval-"));
});

afterAll(async () => {
  child?.kill("SIGKILL");
  await rm(directory, { recursive: true, force: true });
});

/** Starts a process that has claimed deliveries and does a job in the directory, and waits until it does. */
async function aProcessAtWork(): Promise<ChildProcess> {
  const script = join(import.meta.dirname, "../../build/hold-data-directory.ts");
  const started = spawn(process.execPath, [script, directory], { stdio: ["ignore", "pipe", "inherit"] });
  const said: string[] = [];
  child = started;
  started.stdout.on("data", (chunk) => said.push(String(chunk)));
  await until(() => said.join("").includes("working"));
  return started;
}

test(
  "a data directory has one process; what it was doing when it was killed is done by the next",
  async () => {
    const holder = await aProcessAtWork();
    const second = openDatabase({ kind: "directory", path: directory });
    await expect(second).rejects.toThrow(DirectoryInUse);
    await expect(second).rejects.toThrow(`process ${holder.pid}`);
    holder.kill("SIGKILL");
    await once(holder, "exit");

    const database = await openDatabase({ kind: "directory", path: directory });
    const queue = await PgBossQueue.open<Job>(
      database,
      {
        policies: JOB_POLICIES,
        retired: RETIRED_KINDS,
        read: (stored) => jobSchema.parse(stored),
        keyOf: jobKey,
        absorbs,
      },
      { onTrouble: (trouble) => expect(trouble).toBeUndefined() },
    );
    const ran: unknown[] = [];
    await queue.work({
      async runJob(job, { attempt }) {
        ran.push({ job, attempt });
        return { kind: "done" };
      },
      clearUp: async () => ({ kind: "done" }),
    });
    const inbox = await openInbox(database, async () => undefined);
    const claim = await inbox.claim();
    await until(() => ran.length === 1);
    await queue.stop(1_000);
    await database.close();
    expect(ran).toEqual([{ job: { kind: "reconcile" }, attempt: 2 }]);
    expect(claim.deliveries).toEqual([
      { ...aDelivery({ id: "first" }), attempt: 2 },
      { ...aDelivery({ id: "second" }), attempt: 2 },
    ]);
  },
  TEST_MS,
);
