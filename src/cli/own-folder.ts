import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { keepLater } from "../adapters/trial-files/keep-later.ts";
import { makeOwnFolder, openTrialFiles } from "../adapters/trial-files/trial-files.ts";
import type { TrialStore } from "../ports/trial-store.ts";
import type { Terminal } from "./command.ts";

/** Where the command line keeps what it may need again; git leaves it alone. */
export const OWN_FOLDER = ".incident-to-eval";
const LAST_RUN = "last-run.json";

/** Gives the trials that runs of a checkout have kept, and closes them in the end. */
export async function withKeptTrials<T>(
  top: string,
  { now, say }: Pick<Terminal, "now" | "say">,
  use: (store: TrialStore) => Promise<T>,
): Promise<T> {
  const files = openTrialFiles({
    folder: join(top, OWN_FOLDER, "trials"),
    now,
    onTrouble: (because) => say(`trials are not kept for the next run: ${because}\n`),
  });
  const store = keepLater(files);
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

/** Makes the folder that git leaves alone; where it cannot be written, nothing is kept. */
export async function prepareOwnFolder(top: string): Promise<void> {
  await makeOwnFolder(join(top, OWN_FOLDER)).catch(() => undefined);
}

/** Where the last run of a checkout is noted. */
export function lastRunPath(top: string): string {
  return join(top, OWN_FOLDER, LAST_RUN);
}

/** Writes a note as a whole or not at all, so that a process that ends in between leaves the old one; one that cannot be written is lost. */
export async function noteInOwnFolder(path: string, text: string): Promise<void> {
  const draft = `${path}.${process.pid}`;
  await mkdir(join(path, ".."), { recursive: true })
    .then(() => writeFile(draft, text))
    .then(() => rename(draft, path))
    .catch(() => undefined);
}
