import type { Nodes } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";

/** All nodes of a Markdown text as GitHub reads it, the root first. */
export function markdownNodes(markdown: string): readonly Nodes[] {
  return nodesOf(fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] }));
}

/** What a reader sees outside code: mentions and references in it would be live. */
export function liveText(markdown: string): string {
  return markdownNodes(markdown)
    .map((node) => (node.type === "text" || node.type === "html" ? node.value : ""))
    .join("\n");
}

function nodesOf(node: Nodes): Nodes[] {
  return "children" in node ? [node, ...node.children.flatMap(nodesOf)] : [node];
}
