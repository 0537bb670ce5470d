const MARKER = String.raw`(?:[-+*](?=\s|$)|\d{1,9}[.)](?=\s|$))`;
const FIRST_MARKER = new RegExp(`^${MARKER}`);
const NESTED_MARKER = new RegExp(String.raw`^( {0,3}${MARKER}[ \t]*)(${MARKER}|>)`);
const QUOTE_MARKER = /^\s*>/;
const LIST_LINE = new RegExp(`^${MARKER}`);
const THEMATIC_BREAK = /^\s*(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$/;
const BLOCK_START = new RegExp(
  String.raw`^\s*(?:${MARKER}|#{1,6}(?:\s|$)|\x60{3}|~{3}|<|=+\s*$|-+\s*$|\[[^\]]{0,999}\]:)`,
);

/**
 * Makes a text of the same length whose headings and fences at document level stand at the same places and which a
 * Markdown parser reads quickly whatever it holds: quotes become plain text, nested lists are flattened, and lines
 * that only continue one another are joined.
 */
export function calmMarkdown(text: string): string {
  const calm: string[] = [];
  let before: LineKind = "blank";
  for (const written of text.split("\n")) {
    const line = written.replace(QUOTE_MARKER, hide);
    const kind = kindOf(line);
    if (kind === before && (kind === "item" || kind === "plain")) {
      calm.push(" ", line.replace(FIRST_MARKER, hide));
      continue;
    }
    if (calm.length > 0) calm.push("\n");
    calm.push(line.replace(NESTED_MARKER, (_, first: string, nested: string) => first + hide(nested)));
    before = kind;
  }
  return calm.join("");
}

function hide(marker: string): string {
  return "x".repeat(marker.length);
}

type LineKind = "blank" | "plain" | "item" | "block";

function kindOf(line: string): LineKind {
  if (line.trim() === "") return "blank";
  if (THEMATIC_BREAK.test(line)) return "block";
  if (LIST_LINE.test(line)) return "item";
  return BLOCK_START.test(line) ? "block" : "plain";
}
