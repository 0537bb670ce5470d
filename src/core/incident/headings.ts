import type { RootContent } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { calmMarkdown } from "./calm-markdown.ts";

const RECOVERIES_MAX = 32;
const SETEXT_LENGTH_MAX = 200;

// Only the places of blocks are asked for; what stands inside a line costs time and says nothing.
const BLOCKS_ONLY = {
  disable: {
    null: [
      "attention",
      "autolink",
      "characterEscape",
      "characterReference",
      "codeText",
      "definition",
      "htmlText",
      "labelEnd",
      "labelStartImage",
      "labelStartLink",
      "setextUnderline",
    ],
  },
};

/** A heading at document level: not inside a fence, a quote or a list. */
export interface Heading {
  readonly depth: number;
  readonly text: string;
  readonly start: number;
  /** Where the text under it begins. */
  readonly contentStart: number;
}

/** A piece of the text that lies verbatim in a fence at document level. */
export interface CodeBlock {
  readonly language: string;
  readonly content: string;
  readonly start: number;
  readonly end: number;
}

/** The headings and fences of a text at document level, in order. */
export interface Outline {
  readonly headings: readonly Heading[];
  readonly code: readonly CodeBlock[];
}

/**
 * Finds the headings and fences of a Markdown text. A fence or comment that never closes ends before the first heading
 * in it that `isBorder` knows.
 */
export function outlineOf(text: string, isBorder: (headingText: string) => boolean): Outline {
  const headings: Heading[] = [];
  const code: CodeBlock[] = [];
  let from = 0;
  for (let round = 0; round <= RECOVERIES_MAX; round += 1) {
    const found = readBlocks(text, from);
    const border = round < RECOVERIES_MAX ? borderInside(text, found.unclosed, isBorder) : undefined;
    headings.push(...found.headings);
    code.push(
      ...found.code.map((block) => (border !== undefined && block.end > border ? cut(block, border) : block)),
    );
    if (border === undefined) break;
    from = border;
  }
  return { headings, code };
}

interface Blocks extends Outline {
  /** Where the block begins that runs to the end of the text because nothing closes it. */
  readonly unclosed: number | undefined;
}

function readBlocks(text: string, from: number): Blocks {
  const part = text.slice(from);
  const nodes = fromMarkdown(calmMarkdown(part), { extensions: [BLOCKS_ONLY] }).children;
  const headings: Heading[] = [];
  const code: CodeBlock[] = [];
  let unclosed: number | undefined;
  for (const [index, node] of nodes.entries()) {
    const start = node.position?.start.offset ?? 0;
    const end = node.position?.end.offset ?? start;
    const source = part.slice(start, end);
    const heading =
      node.type === "heading"
        ? readAtx(source, node.depth)
        : readSetext(source, node, nodes[index + 1], part);
    if (heading !== undefined) {
      headings.push({
        depth: heading.depth,
        text: heading.text,
        start: from + start,
        contentStart: from + start + heading.length,
      });
    }
    if (node.type === "code" && /^\s*[`~]{3}/.test(source)) {
      code.push({ ...readFence(source), start: from + start, end: from + end });
    }
    if (isUnclosed(node, source)) unclosed = from + start;
  }
  return { headings, code, unclosed };
}

function readAtx(source: string, depth: number): { depth: number; text: string; length: number } {
  const text = source.replace(/^\s*#{1,6}/, "").replace(/\s#+\s*$/, "");
  return { depth, text: text.trim(), length: source.length };
}

/** A line that is underlined with = or -. */
function readSetext(
  source: string,
  node: RootContent,
  next: RootContent | undefined,
  part: string,
): { depth: number; text: string; length: number } | undefined {
  if (node.type !== "paragraph" || source.length > SETEXT_LENGTH_MAX || source.startsWith(">"))
    return undefined;
  const [text = "", underline, ...more] = source.split("\n");
  if (underline !== undefined && more.length === 0 && /^ {0,3}=+\s*$/.test(underline)) {
    return { depth: 1, text: text.trim(), length: source.length };
  }
  if (underline !== undefined || next?.type !== "thematicBreak") return undefined;
  const start = node.position?.start.offset ?? 0;
  const end = next.position?.end.offset ?? 0;
  const isUnder = /^[^\n]*\n {0,3}-+\s*$/.test(part.slice(start, end));
  return isUnder ? { depth: 2, text: text.trim(), length: end - start } : undefined;
}

function readFence(source: string): { language: string; content: string } {
  const [opening = "", ...lines] = source.split("\n");
  const fence = /^\s*(`{3,}|~{3,})/.exec(opening)?.[1] ?? "```";
  const language = opening.trim().slice(fence.length).trim().split(/\s/)[0] ?? "";
  if (closes(lines.at(-1), fence)) lines.pop();
  return { language: language.toLowerCase(), content: lines.join("\n") };
}

function closes(line: string | undefined, fence: string): boolean {
  const closing = line?.trim() ?? "";
  return closing.length >= fence.length && closing === (fence[0] ?? "`").repeat(closing.length);
}

function isUnclosed(node: RootContent, source: string): boolean {
  if (node.type === "code") {
    const fence = /^\s*(`{3,}|~{3,})/.exec(source)?.[1];
    const lines = source.split("\n");
    return fence !== undefined && (lines.length === 1 || !closes(lines.at(-1), fence));
  }
  if (node.type !== "html") return false;
  const opening = /^\s*<(!--|pre|script|style|textarea|\?|!\[CDATA\[)/i.exec(source)?.[1]?.toLowerCase();
  if (opening === undefined) return false;
  const closing =
    opening === "!--" ? "-->" : opening === "?" ? "?>" : opening === "![cdata[" ? "]]>" : `</${opening}>`;
  return !source.toLowerCase().includes(closing);
}

function borderInside(
  text: string,
  from: number | undefined,
  isBorder: (headingText: string) => boolean,
): number | undefined {
  if (from === undefined) return undefined;
  let at = text.indexOf("\n", from) + 1;
  while (at > 0 && at < text.length) {
    const end = text.indexOf("\n", at);
    const line = text.slice(at, end === -1 ? text.length : end);
    const heading = /^ {0,3}#{1,6}\s+(.*)$/.exec(line)?.[1];
    if (heading !== undefined && isBorder(heading.replace(/\s#+\s*$/, ""))) return at;
    at = end === -1 ? text.length : end + 1;
  }
  return undefined;
}

function cut(block: CodeBlock, end: number): CodeBlock {
  const removed = block.end - end;
  return { ...block, content: block.content.slice(0, Math.max(0, block.content.length - removed)), end };
}
