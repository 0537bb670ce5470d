import { createHash } from "node:crypto";
import { type FileHandle, mkdir, open, readdir, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { types } from "node:util";
import { readStoredTrial, type StoredTrial, writeStoredTrial } from "../../core/trial/stored-trial.ts";
import type { TrialStore } from "../../ports/trial-store.ts";

const AGE_MAX_MS = 30 * 24 * 3_600_000;
const BYTES_MAX = 512 * 1024 * 1024;
/** A trial that is longer is not kept. */
const LINE_BYTES_MAX = 16 * 1024 * 1024;
const SEGMENT_NAME = /^(\d{4}-\d{2}-\d{2})\.jsonl$/;
const LINE_END = 10;
/** Trials of this long are written in one go. */
const GATHERING_MS = 20;
const PIECE_BYTES = 1024 * 1024;
const KEY = /^[0-9a-f]{64}$/;
const KEY_LENGTH = 64;
const SUM_LENGTH = 16;
const HEAD_LENGTH = KEY_LENGTH + 1 + SUM_LENGTH + 1;

/** Trials in files of a folder. */
export interface TrialFiles extends TrialStore {
  /** Closes what was opened; what is being kept is written before. */
  readonly close: () => Promise<void>;
}

/** What a store in files is given. */
export interface TrialFilesSetting {
  /** Is made, with all above it, when the first trial is kept. */
  readonly folder: string;
  readonly now: () => Date;
  /** Told once why nothing more is kept: a disk that is full or may not be written. */
  readonly onTrouble: (because: string) => void;
}

/** Where a trial stands. */
interface Place {
  readonly segment: Segment;
  readonly offset: number;
  readonly length: number;
}

interface Segment {
  readonly handle: FileHandle;
}

/**
 * Keeps trials in files of a folder, one for each day, a line for each trial: key, check sum, JSON. Processes append
 * to the same file; where two of them, or one that was killed, spoil a line, that is a trial less. Files are removed
 * after 30 days, or earlier, the oldest first, where all together are larger than 512 MiB.
 */
export function openTrialFiles(setting: TrialFilesSetting): TrialFiles {
  let index: Promise<Map<string, Place>> | undefined;
  let writer: Promise<Writer | undefined> | undefined;
  const handles: FileHandle[] = [];
  const places = () => (index ??= readIndex(setting, handles));

  return {
    async find(key) {
      const place = (await places()).get(key);
      return place === undefined ? undefined : await readPlace(key, place);
    },
    async keep(key, trial) {
      const line = lineOf(key, trial);
      if (line === undefined) return;
      writer ??= openWriter(setting, handles);
      const place = await (await writer)?.append(line);
      // Whoever looks for the first time from here on finds it in the file.
      if (place !== undefined) (await index)?.set(key, place);
    },
    async close() {
      await (await writer)?.done();
      await Promise.all(handles.map((handle) => handle.close()));
      handles.length = 0;
    },
  };
}

/** The line of a trial; undefined for one that is too long. */
function lineOf(key: string, trial: StoredTrial): Buffer | undefined {
  if (!KEY.test(key)) throw new Error(`a trial is kept under a digest, got ${key}`);
  const text = writeStoredTrial(trial);
  const line = Buffer.from(`${key} ${sumOf(text)} ${text}\n`);
  return line.length > LINE_BYTES_MAX ? undefined : line;
}

function sumOf(text: string | Buffer): string {
  return createHash("sha256").update(text).digest("hex").slice(0, SUM_LENGTH);
}

/** A line that somebody changed or that was cut is as good as none. */
async function readPlace(key: string, { segment, offset, length }: Place): Promise<StoredTrial | undefined> {
  const line = Buffer.alloc(length);
  const read = await segment.handle.read(line, 0, length, offset).catch(() => undefined);
  if (read?.bytesRead !== length || line.toString("latin1", 0, KEY_LENGTH) !== key) return undefined;
  const text = line.subarray(HEAD_LENGTH);
  if (sumOf(text) !== line.toString("latin1", KEY_LENGTH + 1, KEY_LENGTH + 1 + SUM_LENGTH)) return undefined;
  return readStoredTrial(text.toString("utf8"));
}

async function readIndex(setting: TrialFilesSetting, handles: FileHandle[]): Promise<Map<string, Place>> {
  const places = new Map<string, Place>();
  for (const path of await currentSegments(setting)) {
    const handle = await open(path, "r").catch(() => undefined);
    if (handle === undefined) continue;
    handles.push(handle);
    await indexLines({ handle }, places).catch(() => undefined);
  }
  return places;
}

/** Notes where each line of a file stands, a piece of it at a time; a later line goes before an earlier one with its key. */
async function indexLines(segment: Segment, places: Map<string, Place>): Promise<void> {
  const piece = Buffer.allocUnsafe(PIECE_BYTES);
  let position = 0;
  let lineStart = 0;
  let key = "";
  for (;;) {
    const { bytesRead } = await segment.handle.read(piece, 0, PIECE_BYTES, position);
    if (bytesRead === 0) return;
    const read = piece.subarray(0, bytesRead);
    for (let from = 0; from < bytesRead; ) {
      const end = read.indexOf(LINE_END, from);
      key += read.toString(
        "latin1",
        from,
        Math.min(end === -1 ? bytesRead : end, from + KEY_LENGTH - key.length),
      );
      if (end === -1) break;
      const length = position + end - lineStart;
      if (length > HEAD_LENGTH && KEY.test(key)) places.set(key, { segment, offset: lineStart, length });
      lineStart = position + end + 1;
      from = end + 1;
      key = "";
    }
    position += bytesRead;
  }
}

/** Lists the files, oldest first, after those that are too old or too much were removed. */
async function currentSegments({ folder, now }: TrialFilesSetting): Promise<readonly string[]> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => SEGMENT_NAME.test(name)).sort();
  const kept: string[] = [];
  let bytes = 0;
  for (const name of names.reverse()) {
    const path = join(folder, name);
    bytes += (await stat(path).catch(() => ({ size: 0 }))).size;
    const isOld = now().getTime() - Date.parse(name.slice(0, "2026-04-18".length)) > AGE_MAX_MS;
    if (isOld || bytes > BYTES_MAX) await rm(path, { force: true }).catch(() => undefined);
    else kept.push(path);
  }
  return kept.reverse();
}

interface Writer {
  /** Answers where the line stands, or undefined where it could not be written. */
  readonly append: (line: Buffer) => Promise<Place | undefined>;
  readonly done: () => Promise<void>;
}

async function openWriter(
  { folder, now, onTrouble }: TrialFilesSetting,
  handles: FileHandle[],
): Promise<Writer | undefined> {
  try {
    await mkdir(folder, { recursive: true });
    const handle = await open(
      join(folder, `${now().toISOString().slice(0, "2026-04-18".length)}.jsonl`),
      "a+",
    );
    handles.push(handle);
    return writerTo({ handle }, onTrouble);
  } catch (cause) {
    onTrouble(types.isNativeError(cause) ? cause.message : String(cause));
    return undefined;
  }
}

/** Writes the lines that come within a moment in one go. */
function writerTo(segment: Segment, onTrouble: (because: string) => void): Writer {
  // Whatever a process before this one left without an end is ended first.
  let waiting: Buffer[] = [Buffer.from("\n")];
  let waitingBytes = 1;
  let written: Promise<number | undefined> = Promise.resolve(0);
  let next: Promise<number | undefined> | undefined;
  const closing = new AbortController();
  const write = async (): Promise<number | undefined> => {
    const before = written;
    await sleep(GATHERING_MS, undefined, { signal: closing.signal }).catch(() => undefined);
    if ((await before) === undefined) return undefined;
    const lines = Buffer.concat(waiting);
    waiting = [];
    waitingBytes = 0;
    next = undefined;
    try {
      await segment.handle.appendFile(lines);
      // Where another process wrote just then, this is wrong, and what is read there is known not to be the trial.
      return (await segment.handle.stat()).size - lines.length;
    } catch (cause) {
      onTrouble(types.isNativeError(cause) ? cause.message : String(cause));
      return undefined;
    }
  };
  return {
    append: async (line) => {
      const before = waitingBytes;
      waiting.push(line);
      waitingBytes += line.length;
      next ??= write();
      written = next;
      const start = await next;
      return start === undefined ? undefined : { segment, offset: start + before, length: line.length - 1 };
    },
    done: async () => {
      closing.abort();
      await written;
    },
  };
}

/** Makes a folder that git leaves alone, whatever the repository's own `.gitignore` says. */
export async function makeOwnFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, ".gitignore"), "*\n", { flag: "wx" }).catch(() => undefined);
}
