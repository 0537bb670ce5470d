import { readFileSync, realpathSync, statSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import { WORKING_TREE } from "../adapters/checkout/checkout-repository.ts";
import type { ForeignFiles } from "../core/fixture/import/foreign-files.ts";
import type { Repository } from "../ports/repository.ts";
import type { Terminal } from "./command.ts";

const FILE_BYTES_MAX = 4 * 1024 * 1024;

/** The files of a checkout that a foreign file may name, and the folder from which it names them. */
export async function filesAround(
  file: string,
  top: string,
  repository: Repository,
  { folder }: Terminal,
): Promise<{ readonly files: ForeignFiles; readonly folder: string }> {
  const tree = await repository.fetchTree(WORKING_TREE);
  const paths = [...tree.entries.keys()];
  const real = realpathSync(top);
  const from = relative(real, realpathSync(resolve(folder, file))).split(sep);
  return {
    folder: from[0] === ".." ? "" : from.slice(0, -1).join("/"),
    files: { paths, read: (path) => readInside(real, path) },
  };
}

/** Reads a text file, unless a link or a name leads out of the checkout. */
function readInside(top: string, path: string): string | undefined {
  try {
    const file = realpathSync(join(top, path));
    const inside = relative(top, file);
    if (inside.startsWith("..") || inside.split(sep)[0] === ".git") return undefined;
    const { size } = statSync(file);
    if (size > FILE_BYTES_MAX) return undefined;
    return new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(file));
  } catch {
    return undefined;
  }
}
