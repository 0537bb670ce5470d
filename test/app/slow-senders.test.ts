import { type ChildProcess, spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { type Front, startFront, WEBHOOK_PATH } from "../../src/app/http-front.ts";
import { A_WEBHOOK_SECRET } from "../build/keys.ts";
import { aReadableLog } from "../build/log.ts";
import { until } from "../build/until.ts";

const SENDERS = new URL("../build/slow-senders.ts", import.meta.url).pathname;
/** The part of each body that comes out of the room of the usual ones. */
const SMALL_BODY_BYTES = 256 * 1024;
/** As many such parts as that room has. */
const ROOM_OF_SMALL = 128;

let front: Front;
const children: ChildProcess[] = [];

beforeEach(async () => {
  front = await startFront({
    host: "127.0.0.1",
    port: 0,
    webhooks: { secrets: [A_WEBHOOK_SECRET], saveDelivery: async () => "stored" },
    fetchReasonsNotReady: async () => [],
    pages: [],
    log: aReadableLog().log,
    now: () => new Date("2026-11-21T10:00:00Z"),
  });
});

afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  // Stopped by the test, it says that it is not running.
  await front.stop().catch(() => undefined);
});

/** Starts slow senders, and answers with what they say once all have begun. */
async function slowSenders(count: number, firstBytes: number): Promise<readonly string[]> {
  const said: string[] = [];
  const child = spawn(process.execPath, [SENDERS, front.url + WEBHOOK_PATH, `${count}`, `${firstBytes}`]);
  children.push(child);
  child.stdout.on("data", (text: Buffer) => said.push(...text.toString().trim().split("\n")));
  await until(() => said.includes("all have begun"));
  return said;
}

async function deliver(): Promise<number> {
  const body = JSON.stringify({ action: "opened" });
  const response = await fetch(front.url + WEBHOOK_PATH, {
    method: "POST",
    body,
    headers: {
      "content-type": "application/json",
      "x-github-event": "issues",
      "x-github-delivery": "72d3162e-cc78-11e3-81ab-4c9367dc0958",
      "x-hub-signature-256": `sha256=${createHmac("sha256", A_WEBHOOK_SECRET).update(body).digest("hex")}`,
    },
  });
  return response.status;
}

test("those who send slowly and fill the room give way to a delivery, and are told so", async () => {
  const said = await slowSenders(ROOM_OF_SMALL + 1, SMALL_BODY_BYTES);
  const refused = () => said.filter((line) => line.startsWith("HTTP/1.1 503")).length;
  // One finds no room, or takes that of another: from then on there is none.
  await until(() => refused() === 1);
  await until(async () => (await deliver()) === 202);
  await until(() => refused() > 1);
  expect(refused()).toBe(2);
});

test("one who sends slowly does not hold up an orderly stop", async () => {
  const said = await slowSenders(1, 1);
  await front.stop();
  await until(() => said.length > 1);
  expect(said).toEqual(["all have begun", "cut off"]);
});
