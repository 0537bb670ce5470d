import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { DirectoryInUse, lockDirectory } from "../../../src/adapters/postgres/directory-lock.ts";

const NO_SUCH_PID = 2 ** 22 + 1;
let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "incident-to-eval-"));
});

afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

async function leaveLock(lock: object | string): Promise<void> {
  const text = typeof lock === "string" ? lock : JSON.stringify(lock);
  await writeFile(join(directory, "lock.json"), text);
}

/** Where our process numbers come from, as a lock of ours says it. */
async function ourNumbers(): Promise<string> {
  const place = await mkdtemp(join(tmpdir(), "lock-"));
  const lock = await lockDirectory(place);
  const { numberedBy } = JSON.parse(await readFile(join(place, "lock.json"), "utf8"));
  await lock.release();
  await rm(place, { recursive: true });
  return numberedBy;
}

const ofADeadProcess = {
  token: "t",
  pid: NO_SUCH_PID,
  host: hostname(),
  numberedBy: await ourNumbers(),
  startedAt: "1",
};

test("a directory is made where there is none, and is free again after it is released", async () => {
  const path = join(directory, "deeper", "data");
  await (await lockDirectory(path)).release();
  await (await lockDirectory(path)).release();
  expect(await readdir(path)).toEqual([]);
});

test("a second one is refused, is told by whom, and does not disturb the first", async () => {
  const first = await lockDirectory(directory);
  const before = await readFile(join(directory, "lock.json"), "utf8");
  const second = lockDirectory(directory);
  await expect(second).rejects.toThrow(DirectoryInUse);
  await expect(second).rejects.toThrow(
    `Opening the data directory ${directory}: expected to have it alone, but process ${process.pid} on ${hostname()} uses it. ` +
      "Stop that process, or set DATA_DIR to another directory, or set DATABASE_URL to share a PostgreSQL.",
  );
  expect(await readFile(join(directory, "lock.json"), "utf8")).toBe(before);
  await first.release();
});

test.each([
  ["of a process that is gone", ofADeadProcess],
  ["of an earlier process with our number", { ...ofADeadProcess, pid: process.pid }],
  ["that was cut off while it was written", '{"token":"t","pi'],
  ["that is empty", ""],
])("a lock %s is taken over", async (_what, lock) => {
  await leaveLock(lock);
  const taken = await lockDirectory(directory);
  await taken.release();
  expect(await readdir(directory)).toEqual([]);
});

test("a lock of a container that was replaced is taken over when it shows no life", async () => {
  await leaveLock({ ...ofADeadProcess, host: "another-host" });
  const longAgo = new Date(0);
  await utimes(join(directory, "lock.json"), longAgo, longAgo);
  await (await lockDirectory(directory)).release();
  expect(await readdir(directory)).toEqual([]);
});

test("a lively holder in another container of the same host name keeps the directory, whatever its number means here", async () => {
  await leaveLock({ ...ofADeadProcess, numberedBy: "another boot pid:[1]" });
  const beat = setInterval(() => void utimes(join(directory, "lock.json"), new Date(), new Date()), 500);
  await expect(lockDirectory(directory)).rejects.toThrow(DirectoryInUse);
  clearInterval(beat);
});

test.each([
  ["that is stale", ofADeadProcess],
  ["that is empty", ""],
])("of several that find the same lock %s one gets the directory, each time", async (_what, lock) => {
  for (let round = 0; round < 25; round++) {
    await leaveLock(lock);
    const claims = await Promise.allSettled(Array.from({ length: 5 }, () => lockDirectory(directory)));
    const won = claims.filter((claim) => claim.status === "fulfilled");
    expect(won).toHaveLength(1);
    for (const claim of won) await claim.value.release();
  }
  expect(await readdir(directory)).toEqual([]);
});

test("a take-over that was cut off half-way does not keep the directory for ever", async () => {
  await leaveLock(ofADeadProcess);
  await mkdir(join(directory, "lock.json.stale"));
  await (await lockDirectory(directory)).release();
  expect(await readdir(directory)).toEqual([]);
});

test("releasing twice does not take the directory from the next one", async () => {
  const first = await lockDirectory(directory);
  await first.release();
  const second = await lockDirectory(directory);
  await first.release();
  await expect(lockDirectory(directory)).rejects.toThrow(DirectoryInUse);
  await second.release();
});
