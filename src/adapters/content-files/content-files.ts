import { appendFile, mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import type { KeptContents } from "../../ports/kept-contents.ts";

const BYTES_MAX = 128 * 1024 * 1024;
/** Versions of the program whose files are left beside that of this one. */
const OTHER_FILES_MAX = 3;
const FILE_NAME = /^fixtures-[0-9a-z.-]{1,80}\.lines$/;
const LINE_END = 10;
const SUM_LENGTH = 8;
const LINE = /^([0-9a-f]{40,64}) ([0-9a-f]{8}) /;
const HEAD_LENGTH_MAX = 64 + 1 + SUM_LENGTH + 1;

/** Where contents of files are kept. */
export interface ContentFilesSetting {
  /** A folder that only the user writes to: what lies there is taken for what files say. */
  readonly folder: string;
  /** Names the program to the letter, since another one may read the same file otherwise. */
  readonly program: string;
}

/**
 * Keeps what files said in a file of its own for each version of the program, a line for each content: id, check sum,
 * text. Processes append to it; a line that is spoilt is a content less. Beyond 128 MiB it begins anew.
 */
export function openContentFiles({ folder, program }: ContentFilesSetting): KeptContents {
  const name = `fixtures-${program}.lines`;
  if (!FILE_NAME.test(name))
    throw new Error(`a program is named by letters, digits, dots and -, got ${program}`);
  const path = join(folder, name);

  return {
    async find(ids) {
      const wanted = new Set(ids);
      const bytes = await readFile(path).catch(() => undefined);
      return bytes === undefined ? new Map() : readLines(bytes, wanted);
    },
    async keep(contents) {
      // What cannot be kept is read again; a full disk is no reason to end a run.
      await keepLines(folder, name, linesOf(contents)).catch(() => undefined);
    },
  };
}

function readLines(bytes: Buffer, wanted: ReadonlySet<string>): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (let from = 0, end = 0; from < bytes.length; from = end + 1) {
    end = bytes.indexOf(LINE_END, from);
    // What has no end is being written, or was cut off.
    if (end === -1) break;
    const [head, id = "", sum] =
      LINE.exec(bytes.toString("latin1", from, Math.min(end, from + HEAD_LENGTH_MAX))) ?? [];
    if (head === undefined || !wanted.has(id)) continue;
    const text = bytes.subarray(from + head.length, end);
    if (sumOf(id, text) === sum) found.set(id, text.toString("utf8"));
  }
  return found;
}

function linesOf(contents: ReadonlyMap<string, string>): Buffer {
  const lines: string[] = [];
  for (const [id, text] of contents) lines.push(`${id} ${sumOf(id, text)} ${text}\n`);
  return Buffer.from(lines.join(""));
}

function sumOf(id: string, text: string | Buffer): string {
  return crc32(text, crc32(id)).toString(16).padStart(SUM_LENGTH, "0");
}

async function keepLines(folder: string, name: string, lines: Buffer): Promise<void> {
  const path = join(folder, name);
  const before = await stat(path).catch(() => undefined);
  if (before === undefined) await makeRoom(folder);
  if (before === undefined || before.size + lines.length > BYTES_MAX) {
    if (lines.length > BYTES_MAX) return;
    const draft = `${path}.${process.pid}`;
    await writeFile(draft, lines, { mode: 0o600 });
    await rename(draft, path);
    return;
  }
  // Whatever a process before this one left without an end is ended first.
  await appendFile(path, Buffer.concat([Buffer.from("\n"), lines]));
}

/** Makes the folder, and removes what older versions of the program left there. */
async function makeRoom(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const names = (await readdir(folder)).filter((name) => FILE_NAME.test(name));
  const files = await Promise.all(
    names.map(async (name) => ({ name, changedMs: (await stat(join(folder, name))).mtimeMs })),
  );
  const old = files.sort((a, b) => b.changedMs - a.changedMs).slice(OTHER_FILES_MAX);
  await Promise.all(old.map(({ name }) => rm(join(folder, name), { force: true })));
}
