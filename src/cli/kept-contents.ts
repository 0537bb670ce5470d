import { createHash } from "node:crypto";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openContentFiles } from "../adapters/content-files/content-files.ts";
import { VERSION } from "../app/version.ts";
import type { KeptContents } from "../ports/kept-contents.ts";
import type { Terminal } from "./command.ts";
import { cacheFolder } from "./keep-compiled-code.ts";

const CORE = new URL("../core/", import.meta.url);
const DIGEST_LENGTH = 16;

/**
 * What fixtures said in earlier runs, kept in the user's own folder: a repository could bring along what lies in it.
 * Undefined where the environment names no such folder.
 */
export function openKeptContents({ environment }: Pick<Terminal, "environment">): KeptContents | undefined {
  const folder = cacheFolder(environment, process.platform);
  if (folder === undefined) return undefined;
  return openContentFiles({ folder, program: `${VERSION}-${digestOfCode()}` });
}

/** Differs where the files differ that say how a fixture is read; of an installed package it is enough when it was installed. */
function digestOfCode(): string {
  if (CORE.pathname.includes("/node_modules/")) return `at-${Math.round(statSync(CORE).ctimeMs)}`;
  const hash = createHash("sha256");
  const top = fileURLToPath(CORE);
  for (const name of readdirSync(CORE, { recursive: true, encoding: "utf8" }).sort()) {
    const { size, mtimeMs } = statSync(join(top, name));
    hash.update(`${name}\0${size}\0${mtimeMs}\n`);
  }
  return hash.digest("hex").slice(0, DIGEST_LENGTH);
}
