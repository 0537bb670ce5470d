/** Inserted as an entity, so that a reader of the source sees it: breaks what GitHub would link. */
const BREAK = "&#8203;";
const INLINE_LENGTH_MAX = 300;
const CODE_LENGTH_MAX = 200;
const BLOCK_LENGTH_MAX = 8_000;
const QUOTE_LINES_MAX = 60;
const FENCE_LENGTH_MIN = 3;
/** In UTF-8, one UTF-16 unit takes as many at most. */
const UNIT_BYTES_MAX = 3;
/** What stands on the letter before it. */
const MARK = /\p{M}/u;
const MARKS_MAX = 40;

// Controls but tab and line feed; soft hyphen, zero-width, bidi, tag characters and variation selectors,
// any of which can carry a text that a reviewer does not see.
const INVISIBLE = /(?![\t\n])\p{Cc}|[\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]/gu;

/** Most texts are so, and are left alone. */
const VISIBLE = /^[\t\n -~]*$/;
const COMMENT_BEGIN = "<!--";

/** Bounds of a text; the notice counts as part of it. */
export interface TextLimits {
  /** UTF-16 units. */
  readonly charactersMax?: number;
  /** Bytes in UTF-8. */
  readonly bytesMax?: number;
  /** Said at the cut; default is `…`. */
  readonly notice?: string;
}

/** Cuts a text to its limits and says so at the cut; a text within the limits comes back as it is. */
export function truncate(text: string, limits: TextLimits): string {
  const charactersMax = limits.charactersMax ?? Number.POSITIVE_INFINITY;
  const bytesMax = limits.bytesMax ?? Number.POSITIVE_INFINITY;
  if (text.length <= charactersMax && text.length * UNIT_BYTES_MAX <= bytesMax) return text;
  const whole = prefixWithin(text, charactersMax, bytesMax);
  if (whole === text.length) return text;
  const notice = limits.notice ?? "…";
  const end = prefixWithin(text, charactersMax - notice.length, bytesMax - bytesOf(notice));
  return text.slice(0, beforeMarks(text, end)) + notice;
}

/** Counts the bytes of a text in UTF-8. */
export function bytesOf(text: string): number {
  let bytes = 0;
  for (const character of text) bytes += bytesOfCodePoint(character);
  return bytes;
}

/** Takes out what a reader of the rendered page would not see: HTML comments, zero-width, bidi and control characters. */
export function stripInvisible(text: string): string {
  if (VISIBLE.test(text) && !text.includes(COMMENT_BEGIN)) return text;
  const lines = text.replace(/\r\n?/g, "\n").replace(/[\u0085\u2028\u2029]/g, "\n");
  return stripComments(lines).toWellFormed().replace(INVISIBLE, "");
}

/** Makes one line of Markdown that shows the text and does nothing else: no markup, link, mention or reference. */
export function inlineText(text: string, lengthMax = INLINE_LENGTH_MAX): string {
  return oneLine(text, lengthMax)
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/[\\`*_[\]|~$]/g, "\\$&")
    .replace(/[@#]/g, `$&${BREAK}`)
    .replace(/:(?=\/\/)/g, `:${BREAK}`)
    .replace(/w(?=ww\.)/gi, `$&${BREAK}`)
    .replace(/GH-(?=\d)/gi, `$&${BREAK}`)
    .replace(/^(\d{1,9})(?=[.)])/, "$1\\")
    .replace(/^[-+=:]/, "\\$&");
}

/** Makes one line of plain text, for places that render no Markdown. */
export function oneLine(text: string, lengthMax = INLINE_LENGTH_MAX): string {
  const visible = stripInvisible(text).replace(/\s+/g, " ").trim();
  return truncate(visible, { charactersMax: lengthMax });
}

/** Makes a code span that shows the text on one line; an empty text is said. */
export function inlineCode(text: string, lengthMax = CODE_LENGTH_MAX): string {
  // A body may become the message of a merge commit, where code is no code and `Fixes #1` closes an issue.
  const line = oneLine(text, lengthMax).replace(/#(?=\d)|GH-(?=\d)/gi, `$&${"\u200b"}`);
  if (line === "") return "(empty)";
  const ticks = "`".repeat(longestRun(line, "`") + 1);
  const pad = line.startsWith("`") || line.endsWith("`") ? " " : "";
  return ticks + pad + line + pad + ticks;
}

/** Makes a fenced block that nothing in the text can close; what is too long is cut with a notice. */
export function fencedBlock(text: string, info = "", lengthMax = BLOCK_LENGTH_MAX): string {
  const visible = stripInvisible(text);
  const cut = truncate(visible, {
    charactersMax: lengthMax,
    notice: `\n… (shortened: ${visible.length} characters in all)`,
  });
  const fence = "`".repeat(Math.max(FENCE_LENGTH_MIN, longestRun(cut, "`") + 1));
  return `${fence}${info.replace(/[^a-z0-9-]/g, "")}\n${cut.replace(/\n+$/, "")}\n${fence}`;
}

/** Makes a block quote that shows the text line by line and does nothing else; what is too long is cut with a notice. */
export function quoteBlock(text: string, linesMax = QUOTE_LINES_MAX): string {
  const lines = stripInvisible(text).trim().split("\n");
  const shown = lines.slice(0, linesMax).map((line) => `> ${inlineText(line, BLOCK_LENGTH_MAX)}`.trimEnd());
  const rest = lines.length - shown.length;
  return (rest > 0 ? [...shown, ">", `> … (${rest} more lines)`] : shown).join("\n");
}

/** Fits Markdown into a cell of a table: line ends become breaks, and no pipe can end the cell. */
export function tableCell(markdown: string): string {
  return markdown
    .trim()
    .replace(/\s*\n\s*/g, "<br>")
    .replace(/\\[\s\S]|\|/g, (part) => (part === "|" ? "\\|" : part));
}

/** Makes a table from rows of Markdown. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(tableCell).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** Makes a link with a text of ours; an address that is not plain http(s) leaves the text alone. */
export function linkTo(label: string, url: string): string {
  return /^https?:\/\/[^\s<>()[\]\\`"|]+$/.test(url) ? `[${inlineText(label)}](${url})` : inlineText(label);
}

function stripComments(text: string): string {
  let kept = "";
  let from = 0;
  for (;;) {
    const start = text.indexOf(COMMENT_BEGIN, from);
    // A comment that never ends stays: it is escaped or fenced wherever we show it.
    const end = start === -1 ? -1 : text.indexOf("-->", start + COMMENT_BEGIN.length);
    if (end === -1) return kept + text.slice(from);
    kept += text.slice(from, start);
    from = end + "-->".length;
  }
}

function prefixWithin(text: string, charactersMax: number, bytesMax: number): number {
  let units = 0;
  let bytes = 0;
  for (const character of text) {
    bytes += bytesOfCodePoint(character);
    if (units + character.length > charactersMax || bytes > bytesMax) return units;
    units += character.length;
  }
  return units;
}

/** Moves a cut in front of the letter whose marks it would leave behind, or put on the notice; a letter under very many is cut all the same. */
function beforeMarks(text: string, end: number): number {
  let cut = end;
  while (end - cut < MARKS_MAX && MARK.test(characterAt(text, cut))) cut -= characterBefore(text, cut).length;
  return MARK.test(characterAt(text, cut)) ? end : cut;
}

function characterAt(text: string, index: number): string {
  return String.fromCodePoint(text.codePointAt(index) ?? 0);
}

function characterBefore(text: string, index: number): string {
  const pair = text.codePointAt(index - 2) ?? 0;
  return text.slice(index - (pair > 0xffff ? 2 : 1), index);
}

function bytesOfCodePoint(character: string): number {
  const point = character.codePointAt(0) ?? 0;
  if (point < 0x80) return 1;
  if (point < 0x800) return 2;
  return point < 0x10000 ? 3 : 4;
}

function longestRun(text: string, character: string): number {
  let longest = 0;
  let run = 0;
  for (const each of text) {
    run = each === character ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest;
}
