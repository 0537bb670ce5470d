import type { Problem } from "../problem.ts";

/** How the parser of JSON says where it stopped. */
const JSON_PLACE = /\(line (\d+) column (\d+)\)/;
const LAST_STEP = /(?:\.|^)([^.[\]"]+)$|\["([^"]+)"\]$/;
const WORD_LENGTH_MAX = 80;

/**
 * Adds line and column to a problem, given the text of its file and, for places without a line, the lines of its
 * paths: the key that is meant, else what stands there, else where the line begins.
 */
export function placeProblem(
  problem: Problem,
  place: string,
  { text, lines }: { readonly text: string; readonly lines: ReadonlyMap<string, number> },
): Problem {
  const said = JSON_PLACE.exec(problem.got);
  if (said !== null) return { ...problem, line: Number(said[1]), column: Number(said[2]) };
  const line = problem.line ?? nearestLine(place, lines);
  if (line === undefined) return problem;
  const found = text.split(/\r\n|\r|\n/, line)[line - 1] ?? "";
  return { ...problem, line, column: problem.column ?? columnIn(found, place, problem.got) };
}

/** A place that is missing has no line of its own; the one that lacks it has. */
function nearestLine(place: string, lines: ReadonlyMap<string, number>): number | undefined {
  for (let path = place; path !== ""; path = path.replace(/(?:\.?[^.[\]]+|\[[^[\]]*\])$/, "")) {
    const line = lines.get(path);
    if (line !== undefined) return line;
    if (!/[.[]/.test(path)) break;
  }
  return lines.size > 0 ? 1 : undefined;
}

function columnIn(line: string, place: string, got: string): number {
  const [, plain, quoted] = LAST_STEP.exec(place) ?? [];
  const key = plain ?? quoted;
  const at = key === undefined ? -1 : keyIn(line, key);
  if (at !== -1) return at + 1;
  const word = got.replace(/^"([^"]+)".*$/s, "$1").slice(0, WORD_LENGTH_MAX);
  const value = line.indexOf(word);
  if (word !== "" && value !== -1) return value + 1;
  return line.search(/[^\s-]|$/) + 1;
}

/** Where a key begins, with its quotation mark if it has one; -1 where the line holds none. */
function keyIn(line: string, key: string): number {
  for (let from = line.indexOf(key); from !== -1; from = line.indexOf(key, from + 1)) {
    const before = line[from - 1] ?? " ";
    if (/^["']?\s*:/.test(line.slice(from + key.length)) && /[\s{,"'[-]/.test(before)) {
      return /["']/.test(before) ? from - 1 : from;
    }
  }
  return -1;
}
