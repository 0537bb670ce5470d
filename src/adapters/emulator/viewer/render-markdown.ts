import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";
import { type Html, trusted } from "../../../core/text/html.ts";

const TEXT_LENGTH_MAX = 200_000;

/** Elements of rendered code, in which escaped tags stay text. */
const CODE = /(<pre>[\s\S]*?<\/pre>|<code>[\s\S]*?<\/code>)/;
const FOLDING_TAG = /&lt;(\/?(?:details|summary))&gt;/g;
const LINE_BREAK = /&lt;br ?\/?&gt;/g;
const COMMENT = /&lt;!--[\s\S]*?--&gt;\n?/g;

/** Renders Markdown as GitHub shows it; of raw HTML only folding sections and line breaks work, comments are hidden. */
export function renderMarkdown(markdown: string, rewriteLink: (url: string) => string): Html {
  const rendered = micromark(markdown.slice(0, TEXT_LENGTH_MAX), {
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
  });
  const parts = rendered.split(CODE).map((part, index) => (index % 2 === 1 ? part : allowFolding(part)));
  const linked = parts
    .join("")
    .replaceAll(/ href="([^"]*)"/g, (_all, url: string) => ` href="${rewriteLink(url)}"`);
  return trusted(linked);
}

function allowFolding(part: string): string {
  return part.replaceAll(COMMENT, "").replaceAll(FOLDING_TAG, "<$1>").replaceAll(LINE_BREAK, "<br>");
}
