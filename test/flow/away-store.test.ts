import { createHmac, randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import pg from "pg";
import { DirectoryInUse, lockDirectory } from "../../src/adapters/postgres/directory-lock.ts";
import { readEnvironment } from "../../src/app/env.ts";
import { WEBHOOK_PATH } from "../../src/app/http-front.ts";
import type { RunningServer } from "../../src/app/server.ts";
import { startServer } from "../../src/app/wiring.ts";
import { type CuttableLine, layLine } from "../build/cuttable-line.ts";
import { anEmptyServerDatabase, reachableEngines } from "../build/databases.ts";
import { A_WEBHOOK_SECRET, aPrivateKey } from "../build/keys.ts";
import { aReadableLog } from "../build/log.ts";
import { until } from "../build/until.ts";

const servers = reachableEngines().flatMap(({ name, openTogether }) =>
  openTogether === undefined ? [] : [name],
);

function environmentOn(store: Readonly<Record<string, string>>) {
  const read = readEnvironment(
    {
      APP_ID: "1",
      PRIVATE_KEY: aPrivateKey(),
      WEBHOOK_SECRET: A_WEBHOOK_SECRET,
      GITHUB_API_URL: "http://127.0.0.1:9",
      PORT: "0",
      ...store,
    },
    () => "",
  );
  if (read.kind === "unusable") throw new Error(JSON.stringify(read.problems));
  return read.value;
}

// Without a server there is nothing to cut: the embedded store is in the process.
const describeServers = (sentence: string, tests: () => void): void => {
  for (const name of servers) describe(`${sentence} on ${name}`, tests);
};

describeServers("the store", () => {
  let line: CuttableLine;
  let database: { url: string; remove(): Promise<void> };
  let server: RunningServer;
  const readable = aReadableLog();

  beforeAll(async () => {
    database = await anEmptyServerDatabase();
    const { hostname, port } = new URL(database.url);
    line = await layLine({ host: hostname, port: Number(port || 5_432) });
    const through = new URL(database.url);
    through.host = `127.0.0.1:${line.port}`;
    server = await startServer(environmentOn({ DATABASE_URL: through.href }), readable.log);
  });

  afterAll(async () => {
    await server.stop(1_000);
    await line.cut();
    await database.remove();
  });

  async function deliver(): Promise<{ id: string; status: number }> {
    const id = randomUUID();
    const body = JSON.stringify({ action: "created" });
    const { status } = await fetch(server.url + WEBHOOK_PATH, {
      method: "POST",
      body,
      headers: {
        "content-type": "application/json",
        "x-github-event": "star",
        "x-github-delivery": id,
        "x-hub-signature-256": `sha256=${createHmac("sha256", A_WEBHOOK_SECRET).update(body).digest("hex")}`,
      },
    });
    return { id, status };
  }

  const statusOf = async (path: string) => (await fetch(server.url + path)).status;

  async function untilProcessed(id: string): Promise<void> {
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    await until(async () => {
      const { rows } = await client.query("select state from incident_to_eval.deliveries where id = $1", [
        id,
      ]);
      return rows[0]?.state === "processed";
    });
    await client.end();
  }

  /** Delivers until the store takes one, as GitHub does when it is asked to. */
  async function untilTaken(): Promise<string> {
    let taken = { id: "", status: 0 };
    await until(async () => {
      taken = await deliver();
      return taken.status === 202;
    });
    return taken.id;
  }

  test("that is not there yet is waited for: the process lives, says that it is not ready, and refuses webhooks", async () => {
    expect(await statusOf("/health")).toBe(200);
    const ready = await fetch(`${server.url}/ready`);
    expect([ready.status, await ready.json()]).toEqual([
      503,
      { status: "not ready", reasons: ["the store is not open yet"] },
    ]);
    expect((await deliver()).status).toBe(503);
  });

  test("that comes later is worked on", async () => {
    await line.join();
    await server.working;
    await untilProcessed(await untilTaken());
  });

  test("that goes away and comes back loses nothing and leaves nothing stuck", async () => {
    const before = await untilTaken();
    await line.cut();
    expect((await deliver()).status).toBe(503);
    expect(await statusOf("/health")).toBe(200);
    expect(await statusOf("/ready")).toBe(503);
    await line.join();
    const after = await untilTaken();
    await untilProcessed(before);
    await untilProcessed(after);
  });
});

describeServers("a store that waiting cannot help", () => {
  test("ends the start with its reason", async () => {
    const database = await anEmptyServerDatabase();
    const url = new URL(database.url);
    url.pathname = "/no_such_database";
    await expect(startServer(environmentOn({ DATABASE_URL: url.href }), aReadableLog().log)).rejects.toThrow(
      'The database could not be opened: database "no_such_database" does not exist',
    );
    await database.remove();
  });
});

test("a data directory that another process has ends the start with its reason", async () => {
  const directory = await mkdtemp(join(tmpdir(), "incident-to-eval-"));
  const lock = await lockDirectory(directory);
  await expect(startServer(environmentOn({ DATA_DIR: directory }), aReadableLog().log)).rejects.toThrow(
    DirectoryInUse,
  );
  await lock.release();
  await rm(directory, { recursive: true });
});
