import { readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";

const FILES_MAX = 1_000;
const FILE_BYTES_MAX = 1024 * 1024;

/** Text files of a folder, by path with `/`. */
export type Files = Readonly<Record<string, string>>;

/** Reads every file under a folder as text, sorted by path. */
export async function readFolder(folder: string): Promise<Files> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  if (paths.length > FILES_MAX) {
    throw new Error(`reading ${folder}: expected at most ${FILES_MAX} files, got ${paths.length}`);
  }
  const files = await Promise.all(
    paths.map(async (path) => {
      const text = await readFile(path, "utf8");
      if (text.length > FILE_BYTES_MAX)
        throw new Error(`reading ${path}: expected at most ${FILE_BYTES_MAX} bytes`);
      return [relative(folder, path).split(sep).join("/"), text] as const;
    }),
  );
  return Object.fromEntries(files);
}
