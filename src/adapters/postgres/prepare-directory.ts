import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { access, readdir, rename, rm } from "node:fs/promises";
import { extname, join } from "node:path";
import { promisify } from "node:util";

const DATABASE = "postgres";
/** What is being made: never data, whatever a killed process left in it. */
const UNFINISHED = `${DATABASE}.new-`;
/** What another program, or an earlier version that was killed, left half-made: kept for a person to look at. */
const ASIDE = `${DATABASE}.unusable-`;
/** Without these no PostgreSQL can open a directory. */
const ESSENTIAL = ["PG_VERSION", join("global", "pg_control")];
const INITIALISING_MS_MAX = 5 * 60_000;
const REMOVAL_RETRIES_MAX = 10;

const execute = promisify(execFile);

/**
 * Gives the path of the embedded PostgreSQL in a directory that we have alone, and makes it where there is none.
 *
 * It is made beside its place and moved there when it is whole, so that a process that is killed in between
 * leaves nothing that looks like a database. Nothing that may hold data is removed.
 */
export async function prepareDirectory(directory: string): Promise<string> {
  const path = join(directory, DATABASE);
  const entries = await readdir(directory);
  for (const entry of entries.filter((name) => name.startsWith(UNFINISHED))) {
    // The process that a killed one had started may still be writing into it for a moment.
    await rm(join(directory, entry), { recursive: true, force: true, maxRetries: REMOVAL_RETRIES_MAX });
  }
  if (await isWhole(path)) return path;
  const token = randomUUID();
  if (entries.includes(DATABASE)) await rename(path, join(directory, ASIDE + token));
  const made = join(directory, UNFINISHED + token);
  // Beside this file, with its ending: the source runs as written, the package as compiled.
  const script = join(import.meta.dirname, `initialise-directory${extname(import.meta.filename)}`);
  await execute(process.execPath, [script, made], { timeout: INITIALISING_MS_MAX });
  await rename(made, path);
  return path;
}

async function isWhole(path: string): Promise<boolean> {
  const missing = await Promise.all(
    ESSENTIAL.map((file) =>
      access(join(path, file)).then(
        () => false,
        () => true,
      ),
    ),
  );
  return !missing.includes(true);
}
