import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { types } from "node:util";
import { UsageError } from "./command.ts";

/** Writes a file that is not there yet, and answers whether it was written. */
export async function writeNew(folder: string, path: string, text: string): Promise<boolean> {
  const file = join(folder, path);
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text, { flag: "wx" });
    return true;
  } catch (cause) {
    if (codeOf(cause) === "EEXIST") return false;
    throw unwritable(path, cause);
  }
}

/** Makes sure that a file can be written, before anything is spent on what goes into it. */
export async function prepareFile(path: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, "", { flag: "a" });
  } catch (cause) {
    throw unwritable(path, cause);
  }
}

/** Writes a file, in place of one that may be there. */
export async function writeOver(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text);
  } catch (cause) {
    throw unwritable(path, cause);
  }
}

function unwritable(path: string, cause: unknown): UsageError {
  return new UsageError(
    `cannot write ${path}: ${types.isNativeError(cause) ? cause.message : "unknown fault"}`,
    {
      cause,
    },
  );
}

function codeOf(cause: unknown): unknown {
  return types.isNativeError(cause) && "code" in cause ? cause.code : undefined;
}
