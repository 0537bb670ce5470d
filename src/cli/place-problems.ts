import { WORKING_TREE } from "../adapters/checkout/checkout-repository.ts";
import type { Problem } from "../core/problem.ts";
import { readableEntries } from "../core/suite/readable.ts";
import { placeProblem } from "../core/text/place-problem.ts";
import { readYamlDocument } from "../core/yaml-document.ts";
import type { Repository } from "../ports/repository.ts";

const AGENT = /^agent [^:]{1,64}: /;
/** Telling columns takes another look at a file, and nobody mends so many at once. */
const FILES_MAX = 500;

/** Says line and column of each problem that names a file of the working tree. */
export async function placeProblems(
  problems: readonly Problem[],
  repository: Repository,
): Promise<readonly Problem[]> {
  const tree = await repository.fetchTree(WORKING_TREE);
  const located = problems.map((problem) => ({ problem, ...pathIn(problem.at, tree.entries) }));
  const paths = [...new Set(located.flatMap(({ path }) => path ?? []))].slice(0, FILES_MAX);
  const entries = readableEntries(tree, paths);
  const texts = await repository.fetchTexts(entries);
  const files = new Map(entries.map(({ path, sha }) => [path, contentOf(texts.get(sha) ?? "")] as const));
  return located.map(({ problem, path, place }) => {
    const file = path === undefined ? undefined : files.get(path);
    return file === undefined ? problem : placeProblem(problem, place, file);
  });
}

/** JSON is YAML, so one reader tells the lines of both; what cannot be read has said its line itself. */
function contentOf(text: string): { readonly text: string; readonly lines: ReadonlyMap<string, number> } {
  const read = readYamlDocument(text);
  return { text, lines: read.kind === "parsed" ? read.value.lines : new Map() };
}

/** Takes a problem's place apart into the file, the longest path that it begins with, and what is inside. */
function pathIn(
  at: string,
  entries: ReadonlyMap<string, unknown>,
): { readonly path: string | undefined; readonly place: string } {
  const bare = at.replace(AGENT, "");
  const ends = [...bare.matchAll(/: |[.[]|$/g)].map(({ index }) => index).reverse();
  const end = ends.find((one) => entries.has(bare.slice(0, one)));
  if (end === undefined) return { path: undefined, place: at };
  return { path: bare.slice(0, end), place: bare.slice(end).replace(/^(: |\.)/, "") };
}
