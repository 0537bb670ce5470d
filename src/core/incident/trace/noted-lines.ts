const LINES_MAX = 5_000;
const LINE_LENGTH_MAX = 20_000;
const JOINED_LINES_MAX = 200;
const PREFIXES: readonly RegExp[] = [
  /^\s+/,
  /^(?:[-*+•]|\d{1,4}[.):]|\(\d{1,3}\)|(?:step|turn|schritt|paso)\s+\d{1,3}\s*[.:)–-]?)\s+/i,
  /^#\s+(?=\w+\s*:)/,
  /^\[?\(?(?:\d{4}-\d\d-\d\d[T ]?)?\d{1,2}:\d\d(?::\d\d(?:[.,]\d{1,9})?)?\s*(?:[AP]M\b)?\s*(?:Z|UTC|[+-]\d\d:?\d\d)?\)?\]?(?:\s*[-–|:])?\s+/i,
  /^\[?\d{4}-\d\d-\d\d\]?\s+/,
  /^[A-Z][a-z]{2}\s+\d{1,2}\s+\d\d:\d\d:\d\d\s+\S+\s+\S+:\s+/,
  /^(?:[\w.]{1,60}\s+[-–|]\s+)?(?:INFO|DEBUG|TRACE|WARN(?:ING)?|ERROR|NOTICE)\s+[-–|]\s+/,
  /^\+\d+(?:\.\d+)?\s?m?s\s+/,
  /^\[(?:INFO|DEBUG|TRACE|WARN(?:ING)?|ERROR|NOTICE)\]:?\s+/i,
  /^(?:INFO|DEBUG|TRACE|WARN(?:ING)?|NOTICE)\b:?\s+/,
  /^(?:(?![⏺▶])(?:\p{Extended_Pictographic}|\uFE0F|\u200D))+\s*/u,
  /^(?:\*\*|__)(?=\S)/,
];
/** After a time of day a level is one, and no answer. */
const TIMED_LEVEL = /^ERROR\s+(?=\S+[=:]|\[|\w+\s+\w)/;

/** Gives the lines of a note, each with what it goes on with: a value that is spread over lines, and the rows of a table. */
export function notedLines(text: string): readonly string[] {
  const lines = text
    .split("\n")
    .slice(0, LINES_MAX)
    .map((line) => line.slice(0, LINE_LENGTH_MAX));
  const joined: string[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? "";
    const count = /[[({]/.test(line) ? linesOfValue(lines, index) : 1;
    joined.push(count === 1 ? line : lines.slice(index, index + count).join("\n"));
    index += count - 1;
  }
  return joined;
}

/** Counts the lines that a value spreads over that a line opens; 1 where it does not close. */
function linesOfValue(lines: readonly string[], start: number): number {
  let depth = 0;
  for (let count = 0; count < JOINED_LINES_MAX; count += 1) {
    const line = lines[start + count];
    if (line === undefined) break;
    const bare = line.replaceAll(/"(?:[^"\\]|\\.)*"/g, "");
    for (const character of bare) {
      if ("([{".includes(character)) depth += 1;
      else if (")]}".includes(character)) depth -= 1;
    }
    if (depth <= 0) return count + 1;
    // What is opened in the middle of a sentence is none.
    if (count === 0 && !/[[({,]\s*$/.test(line)) break;
  }
  return 1;
}

/** Takes off what stands before a note: bullets, numbers, times, levels, emoji and bold marks. */
export function plainLine(line: string): string {
  let text = line;
  let isTimed = false;
  for (let round = 0; round < 4; round += 1) {
    const before = text;
    for (const [index, prefix] of PREFIXES.entries()) {
      const shorter = text.replace(prefix, "");
      if (shorter !== text && (index === 3 || index === 4)) isTimed = true;
      text = shorter;
    }
    if (isTimed) text = text.replace(TIMED_LEVEL, "");
    if (text === before) break;
  }
  text = text.replace(/^`([^`\n]{1,60})`(?=\s*[:：→-])/, "$1");
  // A bold label ends inside or after its colon.
  return text
    .replace(/^([^*_\n]{1,60}?)\s*(?:\*\*|__)?([:：])(?:\*\*|__)?/, "$1$2")
    .replace(/^([^*\n]{1,60})\*\*\s/, "$1 ")
    .trim();
}
