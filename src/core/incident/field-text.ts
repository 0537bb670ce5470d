const PLACEHOLDER_LENGTH_MAX = 120;
const EMPTY_WORDS = new Set([
  "no response",
  "none",
  "n/a",
  "na",
  "-",
  "--",
  "choose",
  "tbd",
  "todo",
  "?",
  "unset",
]);

/** Reads a field as its author meant it: without HTML comments outside fences, and empty where nothing was filled in. */
export function cleanFieldText(written: string): string {
  const text = dropComments(written).trim();
  return isUnfilled(text) ? "" : text;
}

/** Tells whether a text only says that nothing was said: `_No response_`, `None`, a hint in brackets, an empty fence. */
function isUnfilled(text: string): boolean {
  if (text === "") return true;
  if (/^(`{3,}|~{3,})[^\n]*\n?\s*(?:\[\s*\]|\{\s*\})?\s*(?:\1)?$/.test(text)) return true;
  if (text.length > PLACEHOLDER_LENGTH_MAX) return false;
  if (
    /^(?:\{\{[^{}]*\}\}|<[^<>@/]*\s[^<>@]*>|\[(?:your|brief|describe|enter|insert|add|paste|fill)[^\][]*\])$/i.test(
      text,
    )
  )
    return true;
  return EMPTY_WORDS.has(text.replace(/^[\s_*-]+|[\s_*.-]+$/g, "").toLowerCase()) || /^[-\s_*]+$/.test(text);
}

/** Takes HTML comments out, but not those that stand in a fence. */
function dropComments(text: string): string {
  if (!text.includes("<!--")) return text;
  const kept: string[] = [];
  let at = 0;
  for (const fence of fencesOf(text)) {
    kept.push(withoutComments(text.slice(at, fence.start)), text.slice(fence.start, fence.end));
    at = fence.end;
  }
  kept.push(withoutComments(text.slice(at)));
  return kept.join("");
}

function withoutComments(text: string): string {
  const kept: string[] = [];
  let at = 0;
  while (at < text.length) {
    const open = text.indexOf("<!--", at);
    const close = open === -1 ? -1 : text.indexOf("-->", open);
    if (close === -1) break;
    kept.push(text.slice(at, open));
    at = close + "-->".length;
  }
  return kept.join("") + text.slice(at);
}

/** A fence in a text, with what it says of itself and what it holds. */
export interface Fence {
  readonly language: string;
  /** The rest of the opening line, such as a file name. */
  readonly title: string;
  readonly content: string;
  readonly start: number;
  readonly end: number;
}

/** Finds the fences of a text, whether or not the last one closes. */
export function fencesOf(text: string): readonly Fence[] {
  const fences: Fence[] = [];
  let open: { mark: string; info: string; start: number; content: number } | undefined;
  let at = 0;
  for (const line of text.split("\n")) {
    const next = at + line.length + 1;
    const [, mark = "", info = ""] = /^ {0,3}(`{3,}|~{3,})(.*)$/.exec(line) ?? [];
    if (open === undefined && mark !== "" && !(mark.startsWith("`") && info.includes("`"))) {
      open = { mark, info: info.trim(), start: at, content: next };
    } else if (open !== undefined && mark.startsWith(open.mark) && info.trim() === "") {
      fences.push(fenceOf(text, open, at, Math.min(next - 1, text.length)));
      open = undefined;
    }
    at = next;
  }
  if (open !== undefined) fences.push(fenceOf(text, open, text.length + 1, text.length));
  return fences;
}

function fenceOf(
  text: string,
  open: { readonly info: string; readonly start: number; readonly content: number },
  closing: number,
  end: number,
): Fence {
  const [language = "", ...title] = open.info.split(/\s+/);
  const content = text.slice(open.content, Math.max(open.content, closing - 1));
  return { language: language.toLowerCase(), title: title.join(" "), content, start: open.start, end };
}

/** Gives the content where a text is one fence and nothing else, and the text itself otherwise. */
export function unfence(text: string): string {
  const trimmed = text.trim();
  const [fence, second] = fencesOf(trimmed);
  const isWhole =
    fence !== undefined && second === undefined && fence.start === 0 && fence.end === trimmed.length;
  return isWhole ? fence.content : trimmed;
}

/** Takes the quote marks off where every line of a text is quoted. */
export function unquote(text: string): string {
  const lines = text.split("\n");
  const isQuote = lines.every((line) => line.trim() === "" || /^ {0,3}>/.test(line));
  return isQuote
    ? lines
        .map((line) => line.replace(/^ {0,3}> ?/, ""))
        .join("\n")
        .trim()
    : text;
}

const UNCHECKED = /^\s*(?:[-*+]|\d{1,3}[.)])\s+\[ ?\]/;
const CHECK_BOX = /^\s*(?:[-*+]|\d{1,3}[.)])\s+\[[ xX]?\]/m;

/** Leaves of a list of check boxes what is checked; a text without boxes stays as it is. */
export function checkedText(text: string): string {
  if (!CHECK_BOX.test(text)) return text;
  return text
    .split("\n")
    .filter((line) => !UNCHECKED.test(line))
    .join("\n");
}
