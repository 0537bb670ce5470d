import { unfence, unquote } from "./field-text.ts";
import { readJson } from "./read-json.ts";

const ITEMS_MAX = 50;
const PHRASE_WORDS_MAX = 3;
const ITEM_LENGTH_MAX = 2_000;
const TOOL_NAMES_MAX = 50;
const BULLET = /^\s*(?:[-*+•]|\d{1,3}[.)])\s+(?:\[[ xX]\]\s+)?/;
const TOOL_NAME = /^[A-Za-z_][\w.:/-]{0,99}$/;
// Words that stand in a sentence about tools and name none.
const NOT_TOOLS = new Set([
  "a",
  "an",
  "all",
  "and",
  "any",
  "call",
  "called",
  "first",
  "it",
  "must",
  "never",
  "none",
  "nothing",
  "not",
  "or",
  "other",
  "the",
  "then",
  "to",
  "tool",
  "tools",
  "without",
  "before",
  "after",
  "agent",
  "unknown",
]);

/** Reads a list of statements: a JSON list, bullets with what continues them, short phrases between commas, else lines. */
export function readStatements(written: string): readonly string[] {
  const text = unquote(unfence(written));
  const listed = readJson(text);
  const items = Array.isArray(listed)
    ? listed.filter((item) => typeof item === "string")
    : readLines(text.split("\n"));
  return items.slice(0, ITEMS_MAX).map((item) => unwrap(item).slice(0, ITEM_LENGTH_MAX));
}

function readLines(lines: readonly string[]): readonly string[] {
  const hasBullets = lines.some((line) => BULLET.test(line));
  const items: string[] = [];
  for (const line of lines) {
    const text = line.replace(BULLET, "").trim();
    const continues = hasBullets && !BULLET.test(line) && items.length > 0 && /^\s/.test(line);
    if (text === "") continue;
    if (continues) items.push(`${items.pop()} ${text}`);
    else items.push(text);
  }
  const [only = ""] = items;
  return items.length === 1 && !hasBullets ? splitPhrases(only) : items;
}

/** A sentence has commas too, so only phrases of a few words each are taken apart. */
function splitPhrases(line: string): readonly string[] {
  const phrases = line.split(/\s*[,;]\s*/).filter((phrase) => phrase !== "");
  return phrases.every((phrase) => phrase.split(/\s+/).length <= PHRASE_WORDS_MAX) ? phrases : [line];
}

/** Reads names of tools out of bullets, lines, commas or a sentence that marks them as code or calls. */
export function readToolNames(written: string): readonly string[] {
  const names = new Set<string>();
  for (const statement of readStatements(written)) {
    for (const name of namesIn(statement)) if (names.size < TOOL_NAMES_MAX) names.add(name);
  }
  return [...names];
}

function namesIn(statement: string): readonly string[] {
  const parts = statement.split(/\s*(?:[,;]|→|->|\s(?:and|or|then)\s)\s*/).map(plainName);
  if (parts.every((part) => part === "" || isToolName(part))) return parts.filter((part) => part !== "");
  const marked = [...statement.matchAll(/`([^`]{1,120})`|\b([A-Za-z_][\w.-]{0,99})\(/g)]
    .map((match) => plainName(match[1] ?? match[2] ?? ""))
    .filter(isToolName);
  if (marked.length > 0) return marked;
  // An underscore or a dot inside a word is how tools are named, and hardly anything else is.
  return (statement.match(/(?<![\w@/.])[A-Za-z][A-Za-z0-9]*(?:[_.][A-Za-z0-9]+)+(?![\w@])/g) ?? []).filter(
    (word) => word.includes("_"),
  );
}

function isToolName(name: string): boolean {
  return TOOL_NAME.test(name) && !NOT_TOOLS.has(name.toLowerCase());
}

function plainName(text: string): string {
  return unwrap(text.trim())
    .replace(/^tool:/, "")
    .replace(/\([^()]*\)?\s*$/, "")
    .replace(/\s*[:–—].*$/, "")
    .replace(/\.$/, "")
    .trim();
}

/** Takes off the quotation or code marks around a text. */
export function unwrap(text: string): string {
  const wrapped = /^(?:`([^`]+)`|"([^"]+)"|“([^”]+)”|'([^']+)'|\*\*([^*]+)\*\*)$/.exec(text);
  return wrapped?.slice(1).find((inner) => inner !== undefined) ?? text;
}
