import {
  Composer,
  type CST,
  type Document,
  isAlias,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  type Node,
  type Pair,
  Parser,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import type { JsonValue } from "./json.ts";
import { stepInto } from "./path-text.ts";
import { type Parsed, type Problem, parsed, unusable } from "./problem.ts";

/** Bytes are not known to core, so the cap counts UTF-16 units. */
const YAML_SIZE_MAX = 256 * 1024;
const DEPTH_MAX = 60;
const NODES_MAX = 50_000;
const ALIASES_MAX = 100;
const PROBLEMS_MAX = 50;
const MESSAGE_LENGTH_MAX = 160;
// Every nesting is at most three entries on the parser's stack.
const STACK_MAX = DEPTH_MAX * 3;

/** A YAML document as plain values, with the one-based line of every path in it. */
export interface YamlDocument {
  readonly value: JsonValue;
  readonly lines: ReadonlyMap<string, number>;
}

/** Reads one strict YAML 1.2 document (JSON is YAML too) within limits of size, depth, nodes and aliases. */
export function readYamlDocument(text: string, sizeMax: number = YAML_SIZE_MAX): Parsed<YamlDocument> {
  if (text.length > sizeMax) {
    return refuse({ at: "the file", expected: `at most ${sizeMax} characters`, got: `${text.length}` });
  }
  const lineCounter = new LineCounter();
  const composed = compose(text, lineCounter);
  if (composed.kind === "unusable") return composed;
  const [document, second] = composed.value;
  if (document === undefined) return parsed({ value: null, lines: new Map() });
  const lineAt = (offset: number): number => lineCounter.linePos(offset).line;
  if (second !== undefined) {
    return refuse({
      at: "the file",
      expected: "one YAML document",
      got: "several, separated by ---",
      line: lineAt(second.range[0]),
    });
  }
  const written = syntaxProblems(document, lineCounter);
  if (written.length > 0) return unusable(written);
  return toPlain(document, lineAt);
}

function refuse(problem: Problem): Parsed<never> {
  return unusable([problem]);
}

type Composed = Document.Parsed;

function compose(text: string, lineCounter: LineCounter): Parsed<readonly Composed[]> {
  // The parser and the composer descend by recursion, so depth is watched while the text is read.
  const parser = new Parser(lineCounter.addNewLine);
  lineCounter.addNewLine(0);
  const tokens: CST.Token[] = [];
  for (const lexeme of new Lexer().lex(text)) {
    // Most lexemes end no token, and spreading so many empty iterators costs a tenth of the parse.
    for (const token of parser.next(lexeme)) tokens.push(token);
    if (parser.stack.length > STACK_MAX) {
      const line = lineCounter.linePos(parser.offset).line;
      return refuse({
        at: "the file",
        expected: `at most ${DEPTH_MAX} levels of nesting`,
        got: "more",
        line,
      });
    }
  }
  for (const token of parser.end()) tokens.push(token);
  const composer = new Composer({
    version: "1.2",
    schema: "core",
    strict: true,
    // Duplicates are found in the walk below: the library compares each key with every other one.
    uniqueKeys: false,
  });
  return parsed([...composer.compose(tokens, false, text.length)] as Composed[]);
}

function syntaxProblems(document: Composed, lineCounter: LineCounter): readonly Problem[] {
  const problems = [...document.errors, ...document.warnings].slice(0, PROBLEMS_MAX).map((error) => ({
    at: "the file",
    expected: "plain YAML 1.2",
    got: firstLine(error.message),
    line: lineCounter.linePos(error.pos[0]).line,
    column: lineCounter.linePos(error.pos[0]).col,
  }));
  if (document.directives.yaml.version === "1.2") return problems;
  return [
    ...problems,
    { at: "the file", expected: "YAML 1.2", got: `%YAML ${document.directives.yaml.version}`, line: 1 },
  ];
}

function firstLine(message: string): string {
  return (message.split("\n", 1)[0] ?? "").slice(0, MESSAGE_LENGTH_MAX);
}

interface Walk {
  readonly document: Composed;
  readonly lineAt: (offset: number) => number;
  readonly lines: Map<string, number>;
  readonly problems: Problem[];
  nodes: number;
  aliases: number;
  /** Set once a limit is passed; nothing is read after that. */
  stopped: boolean;
}

function toPlain(document: Composed, lineAt: (offset: number) => number): Parsed<YamlDocument> {
  const walk: Walk = {
    document,
    lineAt,
    lines: new Map(),
    problems: [],
    nodes: 0,
    aliases: 0,
    stopped: false,
  };
  const value = plainValue(document.contents, "", 0, walk);
  if (walk.problems.length > 0) return unusable(walk.problems.slice(0, PROBLEMS_MAX));
  return parsed({ value, lines: walk.lines });
}

function plainValue(node: Node | null, path: string, depth: number, walk: Walk): JsonValue {
  if (node === null || walk.stopped) return null;
  walk.nodes += 1;
  if (walk.nodes > NODES_MAX) return stop(walk, node, path, `at most ${NODES_MAX} values`);
  if (depth > DEPTH_MAX) return stop(walk, node, path, `at most ${DEPTH_MAX} levels of nesting`);
  if (isAlias(node)) return aliasValue(node, path, depth, walk);
  if (isMap(node)) return mapValue(node, path, depth, walk);
  if (isSeq(node)) return listValue(node, path, depth, walk);
  return scalarValue(node, path, walk);
}

function stop(walk: Walk, node: Node, path: string, expected: string): null {
  walk.stopped = true;
  walk.problems.push(problemAt(walk, node, path, expected, "more, counting what aliases repeat"));
  return null;
}

function problemAt(walk: Walk, node: Node, path: string, expected: string, got: string): Problem {
  const at = path === "" ? "the file" : path;
  return { at, expected, got, line: walk.lineAt(node.range?.[0] ?? 0) };
}

function aliasValue(node: Node, path: string, depth: number, walk: Walk): JsonValue {
  if (!isAlias(node)) return null;
  walk.aliases += 1;
  if (walk.aliases > ALIASES_MAX) return stop(walk, node, path, `at most ${ALIASES_MAX} aliases`);
  const target = node.resolve(walk.document);
  if (target !== undefined) return plainValue(target, path, depth + 1, walk);
  const expected = "an anchor that stands above its alias";
  walk.problems.push(problemAt(walk, node, path, expected, `*${node.source.slice(0, MESSAGE_LENGTH_MAX)}`));
  return null;
}

function listValue(node: YAMLSeq, path: string, depth: number, walk: Walk): JsonValue {
  const items = node.items as readonly Node[];
  return items.map((item, index) => {
    const itemPath = stepInto(path, index);
    noteLine(walk, itemPath, item);
    return plainValue(item, itemPath, depth + 1, walk);
  });
}

function mapValue(node: YAMLMap, path: string, depth: number, walk: Walk): JsonValue {
  const members: Record<string, JsonValue> = {};
  for (const pair of node.items as readonly Pair<Node, Node | null>[]) {
    const key = keyText(pair.key, path, walk);
    if (key === undefined) continue;
    const memberPath = stepInto(path, key);
    if (Object.hasOwn(members, key)) {
      walk.problems.push(problemAt(walk, pair.key, memberPath, "each key once", "it twice"));
      continue;
    }
    noteLine(walk, memberPath, pair.key);
    members[key] = plainValue(pair.value, memberPath, depth + 1, walk);
  }
  return members;
}

function noteLine(walk: Walk, path: string, node: Node): void {
  if (!walk.lines.has(path)) walk.lines.set(path, walk.lineAt(node.range?.[0] ?? 0));
}

function keyText(key: Node, path: string, walk: Walk): string | undefined {
  const text = isScalar(key) && key.value !== null ? String(key.value) : undefined;
  // Assigning to `__proto__` would change the object instead of adding a member.
  if (text !== undefined && text !== "__proto__") return text;
  const got = text ?? (isCollection(key) ? "a list or mapping as a key" : "no key");
  walk.problems.push(problemAt(walk, key, path, "keys that are plain words", got));
  return undefined;
}

function scalarValue(node: Node, path: string, walk: Walk): JsonValue {
  const value: unknown = isScalar(node) ? node.value : null;
  if (typeof value === "number" && !Number.isFinite(value)) {
    walk.problems.push(problemAt(walk, node, path, "a finite number", String(value)));
    return null;
  }
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  return null;
}
