import { type Parsed, type Problem, parsed, problemText, unusable } from "../problem.ts";
import { compilePattern } from "./linear-pattern.ts";

const GLOB_LENGTH_MAX = 200;
// One character of a glob becomes at most about a dozen of the pattern.
const PATTERN_LENGTH_MAX = GLOB_LENGTH_MAX * 16;

/** Tells whether a path, relative to the root of the repository, is meant. */
export type PathTest = (path: string) => boolean;

/** Reads a glob: `*` and `?` within a folder, `**` across folders, `{a,b}`, `[abc]`, `[!a-z]`, `\` before a plain character. */
export function parseGlob(glob: string): Parsed<PathTest> {
  if (glob.length > GLOB_LENGTH_MAX) {
    return badGlob(`at most ${GLOB_LENGTH_MAX} characters`, `${glob.length} characters`);
  }
  if (/^(\/|\.\.?\/|!)|\/\.\.?(\/|$)|\/\/|\/$|^$/.test(glob)) {
    return badGlob("a path or glob relative to the root of the repository, such as agent/prompts/**", glob);
  }
  const literalLength = glob.search(/[*?[\]{}\\]/);
  if (literalLength === -1) return parsed((path) => path === glob);

  const translated = translate(glob);
  if (translated.kind === "unusable") return translated;
  const pattern = compilePattern(`\\A(?:${translated.value})\\z`, { lengthMax: PATTERN_LENGTH_MAX });
  if (pattern.kind === "unusable") return badGlob("a glob", glob);
  const prefix = glob.slice(0, literalLength);
  // A file may really be called `[id].md`: a path always means itself.
  return parsed((path) => path === glob || (path.startsWith(prefix) && pattern.value.test(path)));
}

/** Compiles a glob of a configuration that was checked already; a bad one here is our bug. */
export function compileGlob(glob: string): PathTest {
  const test = parseGlob(glob);
  if (test.kind === "parsed") return test.value;
  throw new Error(test.problems.map(problemText).join("; "));
}

/** Compiles several globs into one test that holds where any of them does. */
export function compileGlobs(globs: readonly string[]): PathTest {
  const tests = globs.map(compileGlob);
  return (path) => tests.some((test) => test(path));
}

/**
 * Compiles a glob to the test whether it could match anything within a folder.
 *
 * From a step with `**` on, and from one that says nothing by itself, such as a half of `{a/b,c}`, any folder may be meant.
 */
export function compileGlobFolders(glob: string): PathTest {
  const steps = glob.split("/").map(parseStep);
  const open = steps.indexOf(undefined);
  const named = steps.slice(0, open === -1 ? steps.length - 1 : open);
  return (path) => {
    const folders = path.split("/");
    if (folders.length > named.length && open === -1) return false;
    return folders.slice(0, named.length).every((folder, at) => named[at]?.(folder) === true);
  };
}

function parseStep(step: string): PathTest | undefined {
  const test = step.includes("**") ? undefined : parseGlob(step);
  return test?.kind === "parsed" ? test.value : undefined;
}

function badGlob(expected: string, got: string): Parsed<never> {
  return unusable([globProblem(expected, got)]);
}

function globProblem(expected: string, got: string): Problem {
  return { at: "glob", expected, got };
}

/** A piece of the pattern and where the next one starts in the glob. */
interface Piece {
  readonly pattern: string;
  readonly next: number;
}

function translate(glob: string): Parsed<string> {
  let pattern = "";
  let depth = 0;
  let at = 0;
  while (at < glob.length) {
    const piece = readPiece(glob, at, depth);
    if (piece === undefined) return badGlob("every [ and \\ to be finished", glob);
    if (piece.pattern === GROUP_START) depth += 1;
    if (piece.pattern === GROUP_END) depth -= 1;
    pattern += piece.pattern;
    at = piece.next;
  }
  return depth === 0 ? parsed(pattern) : badGlob("a } for every {", glob);
}

const GROUP_START = "(?:";
const GROUP_END = ")";

function readPiece(glob: string, at: number, depth: number): Piece | undefined {
  const character = String.fromCodePoint(glob.codePointAt(at) ?? 0);
  const next = at + character.length;
  switch (character) {
    case "*":
      return readStars(glob, at);
    case "?":
      return { pattern: "[^/]", next };
    case "[":
      return readClass(glob, at);
    case "{":
      return { pattern: GROUP_START, next };
    case "}":
      return { pattern: depth > 0 ? GROUP_END : "\\}", next };
    case ",":
      return { pattern: depth > 0 ? "|" : ",", next };
    case "\\":
      return readEscaped(glob, next);
    default:
      return { pattern: literal(character), next };
  }
}

function readStars(glob: string, at: number): Piece {
  let next = at;
  while (glob[next] === "*") next += 1;
  const before = glob[at - 1];
  const after = glob[next];
  const wholeSegment =
    next - at === 2 &&
    (before === undefined || "/{,".includes(before)) &&
    (after === undefined || "/},".includes(after));
  if (!wholeSegment) return { pattern: "[^/]*", next };
  if (after === "/") return { pattern: "(?:[^/]+/)*", next: next + 1 };
  return { pattern: "(?s:.+)", next };
}

function readEscaped(glob: string, at: number): Piece | undefined {
  const codePoint = glob.codePointAt(at);
  if (codePoint === undefined) return undefined;
  const character = String.fromCodePoint(codePoint);
  return { pattern: literal(character), next: at + character.length };
}

function readClass(glob: string, at: number): Piece | undefined {
  const negated = glob[at + 1] === "!" || glob[at + 1] === "^";
  const start = at + (negated ? 2 : 1);
  // A `]` that comes first is a member.
  const end = glob.indexOf("]", start + 1);
  if (end === -1) return undefined;
  const members = classMembers([...glob.slice(start, end)]);
  if (members === undefined) return undefined;
  return { pattern: negated ? `[^/${members}]` : `[${members}]`, next: end + 1 };
}

/** Members of a class as the pattern writes them; no class ever matches the separator of folders. */
function classMembers(characters: readonly string[]): string | undefined {
  let members = "";
  for (let index = 0; index < characters.length; index += 1) {
    const from = codeOf(characters[index]);
    const isRange = characters[index + 1] === "-" && index + 2 < characters.length;
    const to = isRange ? codeOf(characters[index + 2]) : from;
    if (to < from) return undefined;
    members += rangeWithoutSlash(from, to);
    if (isRange) index += 2;
  }
  return members === "" ? undefined : members;
}

const SLASH = 47;

function rangeWithoutSlash(from: number, to: number): string {
  if (from > SLASH || to < SLASH) return `${codeText(from)}-${codeText(to)}`;
  const below = from < SLASH ? `${codeText(from)}-${codeText(SLASH - 1)}` : "";
  const above = to > SLASH ? `${codeText(SLASH + 1)}-${codeText(to)}` : "";
  return below + above;
}

function codeOf(character: string | undefined): number {
  return character?.codePointAt(0) ?? 0;
}

function codeText(code: number): string {
  return `\\x{${code.toString(16)}}`;
}

function literal(character: string): string {
  return /[A-Za-z0-9/_-]/.test(character) ? character : codeText(codeOf(character));
}
