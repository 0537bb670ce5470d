import { fencesOf } from "./field-text.ts";
import { closingParenthesis, readArguments } from "./read-arguments.ts";

const LINES_MAX = 2_000;
const LINE_LENGTH_MAX = 8_000;
const CALLS_OF_LINE_MAX = 20;
/** Languages of a fence that hold no log of an agent. */
const CODE = new Set(["json", "yaml", "yml", "mermaid", "diff", "python", "py", "ts", "js", "sql", "html"]);
const MARKED =
  /^\s*(?:[-*+•]\s+|\d{1,3}[.)]\s+)?(?:\[[\d:.TZ -]{4,30}\]\s*)?(?:→|←|->|<-|⇒|⇐|(?:tool|function|action)(?:[ _](?:call|use|result|output|input))?\s*[:=]\s*\S|(?:result|observation|args|arguments)\s*[:=])/iu;
const LOGGED =
  /\btool(?:_name)?\s*=|^\s*(?:\[?[\d:.TZ-]{4,30}\]?\s+)?(?:[A-Z]{4,5}\s+)?[a-z]\w*_\w+\s*:?\s*\{/;
const CALL = /(?<![\w.@/])([A-Za-z]\w{0,99})\(/g;
/** How tools are named, and hardly anything else is. */
const TOOL_LIKE = /[a-z0-9]_[a-z0-9]|[a-z][A-Z]/;
const ANSWERED =
  /^[`*\s]*(?:→|->|=>|⇒|,?\s*(?:(?:and|which|that|it)\s+){0,2}(?:gets?|got|receives?|received|returned|returns|answered|answers|gave|gives)(?:\s+back)?\s*:?)\s*/i;
/** Words of a sentence that speaks of what ought to be called. */
const WISHED =
  /\b(?:should|must|ought|expected|supposed|instead|would|could|never|not|soll\w*|muss|hätte|doit|devrait|aurait)\b|n['’]t\b/i;

/** Gives the lines of a text that note tool calls and their answers, and each call that stands inside a sentence as a line of its own. */
export function noteLines(text: string): readonly string[] {
  const fences = fencesOf(text);
  const lines: string[] = [];
  let at = 0;
  for (const fence of fences) {
    lines.push(...notesInProse(text.slice(at, fence.start)));
    if (!CODE.has(fence.language)) lines.push(...notesInFence(fence.content));
    at = fence.end;
  }
  return [...lines, ...notesInProse(text.slice(at))].slice(0, LINES_MAX);
}

function notesInFence(content: string): readonly string[] {
  return linesOf(content).flatMap((line) =>
    MARKED.test(line) || LOGGED.test(line) || /^\s*[[{]/.test(line) ? [line] : callsIn(line),
  );
}

function notesInProse(text: string): readonly string[] {
  return linesOf(text).flatMap((line) => (MARKED.test(line) || LOGGED.test(line) ? [line] : callsIn(line)));
}

function linesOf(text: string): readonly string[] {
  return text
    .split("\n")
    .slice(0, LINES_MAX)
    .map((line) => line.slice(0, LINE_LENGTH_MAX));
}

function callsIn(line: string): readonly string[] {
  const notes: string[] = [];
  for (const match of line.matchAll(CALL)) {
    if (notes.length >= CALLS_OF_LINE_MAX) break;
    const [, name = ""] = match;
    const close = TOOL_LIKE.test(name) ? closingParenthesis(line, match.index + match[0].length - 1) : -1;
    if (close === -1 || WISHED.test(sentenceBefore(line, match.index))) continue;
    const inside = line.slice(match.index + match[0].length, close);
    if (readArguments(inside) === undefined) continue;
    notes.push(`→ ${name}(${inside})${answerAfter(line.slice(close + 1))}`);
  }
  return notes;
}

function sentenceBefore(line: string, at: number): string {
  const before = line.slice(0, at);
  return before.slice(Math.max(before.lastIndexOf(". "), before.lastIndexOf("; ")) + 1);
}

/** The answer that is told right after a call, where it is plain where it ends. */
function answerAfter(text: string): string {
  const arrow = ANSWERED.exec(text)?.[0];
  if (arrow === undefined) return "";
  const told = text.slice(arrow.length);
  const bare = told.replace(/^`/, "");
  if (/^[[{]/.test(bare)) {
    const close = closingParenthesis(bare, 0);
    return close === -1 ? "" : ` → ${bare.slice(0, close + 1)}`;
  }
  const quoted = /^(?:"[^"]*"|'[^']*'|`[^`]*`)/.exec(told)?.[0];
  return quoted === undefined ? "" : ` → ${quoted}`;
}
