import { readFile, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { types } from "node:util";
import { type Terminal, UsageError } from "./command.ts";

const FILE_BYTES_MAX = 16 * 1024 * 1024;

/** Reads a text file that somebody named. */
export async function readNamedFile(path: string, { folder }: Terminal): Promise<string> {
  const file = resolve(folder, path);
  try {
    const { size } = await stat(file);
    if (size > FILE_BYTES_MAX) {
      throw new UsageError(`cannot read ${path}: it has ${size} bytes, expected at most ${FILE_BYTES_MAX}`);
    }
    return await readFile(file, "utf8");
  } catch (cause) {
    if (cause instanceof UsageError) throw cause;
    throw new UsageError(
      `cannot read ${path}: ${types.isNativeError(cause) ? cause.message : "unknown fault"}`,
      {
        cause,
      },
    );
  }
}
