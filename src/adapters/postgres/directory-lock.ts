import { randomUUID } from "node:crypto";
import { link, mkdir, readFile, readlink, rm, stat, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";

const LOCK_FILE = "lock.json";
/** How often a holder shows that it is alive; only another host, which cannot see our processes, looks at it. */
const BEAT_MS = 5_000;
const BEAT_MISSED_MS = 4 * BEAT_MS;
const CLAIM_ATTEMPTS_MAX = 40;
const CLAIM_WAIT_MS = 100;
/** Removing a stale lock takes far less. */
const GUARD_MS_MAX = 2_000;

const lockSchema = z.object({
  token: z.string(),
  pid: z.int(),
  host: z.string(),
  /** Where process numbers mean the same as on the holder's side; hosts can share a name. */
  numberedBy: z.string().default(""),
  /** When the process started, as the system counts it; tells a process from a later one with its number. */
  startedAt: z.string(),
});
type Lock = z.output<typeof lockSchema>;

/** Thrown where another process uses the directory. */
export class DirectoryInUse extends Error {}

/** A held directory. */
export interface DirectoryLock {
  /** Lets others have the directory. */
  release(): Promise<void>;
}

/** Takes a directory for this process alone; a lock whose process is gone is taken over. */
export async function lockDirectory(directory: string): Promise<DirectoryLock> {
  await mkdir(directory, { recursive: true });
  const path = join(directory, LOCK_FILE);
  const lock: Lock = {
    token: randomUUID(),
    pid: process.pid,
    host: hostname(),
    numberedBy: await numberedBy(),
    startedAt: await processStart(process.pid),
  };
  for (let attempt = 0; attempt < CLAIM_ATTEMPTS_MAX; attempt++) {
    if (await claim(path, lock)) return hold(path, lock);
    await removeStale(directory, path);
  }
  throw new DirectoryInUse(inUseText(directory, undefined));
}

/** The lock appears whole or not at all, so that nobody takes one that is being written for a broken one. */
async function claim(path: string, lock: Lock): Promise<boolean> {
  const written = `${path}.${lock.token}`;
  await writeFile(written, JSON.stringify(lock), { mode: 0o600 });
  try {
    await link(written, path);
    return true;
  } catch (cause) {
    if (hasCode(cause, "EEXIST")) return false;
    throw cause;
  } finally {
    await rm(written, { force: true });
  }
}

function hold(path: string, lock: Lock): DirectoryLock {
  const beat = setInterval(() => {
    const now = new Date();
    // A beat that fails costs at most another host's patience; the pid still protects this one.
    utimes(path, now, now).catch(() => undefined);
  }, BEAT_MS);
  beat.unref();
  return {
    async release() {
      clearInterval(beat);
      if (tokenOf(await readLock(path)) === lock.token) await rm(path, { force: true });
    },
  };
}

/** Removes the lock where its process is gone; throws where it is alive. */
async function removeStale(directory: string, path: string): Promise<void> {
  const found = await readLock(path);
  if (found === "absent") return;
  if (found !== "unreadable" && (await isAlive(found, path))) {
    throw new DirectoryInUse(inUseText(directory, found));
  }
  await alone(`${path}.stale`, async () => {
    // Another process may have removed this lock and left its own in the meantime.
    const now = await readLock(path);
    if (now !== "absent" && tokenOf(now) === tokenOf(found)) await rm(path, { force: true });
  });
}

/** Does this unless another process does the same just now; then it waits a moment, and nothing is done. */
async function alone(guard: string, work: () => Promise<void>): Promise<void> {
  try {
    await mkdir(guard);
  } catch (cause) {
    if (!hasCode(cause, "EEXIST")) throw cause;
    await sleep(CLAIM_WAIT_MS);
    // Left by a process that ended half-way.
    const age = await ageMs(guard);
    if (Number.isFinite(age) && age > GUARD_MS_MAX) await rm(guard, { recursive: true, force: true });
    return;
  }
  try {
    await work();
  } finally {
    await rm(guard, { recursive: true, force: true });
  }
}

async function isAlive(lock: Lock, path: string): Promise<boolean> {
  if (lock.host === hostname() && lock.numberedBy === (await numberedBy())) {
    return processExists(lock.pid) && (await processStart(lock.pid)) === lock.startedAt;
  }
  // A container that was replaced leaves a lock with a name that nobody has any more.
  for (let waitedMs = 0; waitedMs <= BEAT_MISSED_MS; waitedMs += BEAT_MS) {
    const age = await ageMs(path);
    if (age > BEAT_MISSED_MS) return false;
    if (age < BEAT_MS && waitedMs > 0) return true;
    await sleep(BEAT_MS);
  }
  return true;
}

/** How long ago a file was last touched; for ever where it is gone. */
async function ageMs(path: string): Promise<number> {
  return await stat(path).then(
    (entry) => Date.now() - entry.mtimeMs,
    () => Number.POSITIVE_INFINITY,
  );
}

/** Tells which boot of which system, and which of its process namespaces, counts our processes; empty where the system does not say. */
async function numberedBy(): Promise<string> {
  const [boot, namespace] = await Promise.all([
    readFile("/proc/sys/kernel/random/boot_id", "utf8").catch(() => ""),
    readlink("/proc/self/ns/pid").catch(() => ""),
  ]);
  return `${boot.trim()} ${namespace}`.trim();
}

function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return hasCode(cause, "EPERM");
  }
}

/** The start time of a process where the system tells it (Linux), else the same text for all. */
async function processStart(pid: number): Promise<string> {
  const line = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  // The second field is the command in brackets and may hold anything; the start time is the 22nd.
  const fields = line.slice(line.lastIndexOf(")") + 2).split(" ");
  return fields[19] ?? "unknown";
}

async function readLock(path: string): Promise<Lock | "absent" | "unreadable"> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    if (hasCode(cause, "ENOENT")) return "absent";
    throw cause;
  }
  try {
    return lockSchema.safeParse(JSON.parse(text)).data ?? "unreadable";
  } catch {
    return "unreadable";
  }
}

function tokenOf(lock: Lock | "absent" | "unreadable"): string | undefined {
  return typeof lock === "string" ? undefined : lock.token;
}

function hasCode(cause: unknown, code: string): boolean {
  return typeof cause === "object" && cause !== null && "code" in cause && cause.code === code;
}

function inUseText(directory: string, lock: Lock | undefined): string {
  const holder = lock === undefined ? "another process" : `process ${lock.pid} on ${lock.host}`;
  return (
    `Opening the data directory ${directory}: expected to have it alone, but ${holder} uses it. ` +
    "Stop that process, or set DATA_DIR to another directory, or set DATABASE_URL to share a PostgreSQL."
  );
}
