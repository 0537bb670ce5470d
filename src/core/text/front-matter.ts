import { isJsonObject, type JsonObject } from "../json.ts";
import { readDataFile } from "./data-file.ts";
import { splitFrontMatter } from "./split-front-matter.ts";

/** A text with the values that stand before it; `unreadable` where something stands there that cannot be read. */
export type FrontMatter =
  | { readonly kind: "read"; readonly values: JsonObject; readonly body: string }
  | { readonly kind: "none"; readonly body: string }
  | { readonly kind: "unreadable"; readonly body: string };

/** Reads the front matter of a text; a first paragraph between two rules that is no mapping is none. */
export function readFrontMatter(text: string): FrontMatter {
  const split = splitFrontMatter(text);
  if (split === undefined) return { kind: "none", body: text };
  const read = readDataFile("text.md", text);
  if (read.kind === "unusable") return { kind: "unreadable", body: text };
  if (isJsonObject(read.value)) return { kind: "read", values: read.value, body: split.body };
  // Nothing but comments between the fences.
  return read.value === null ? { kind: "read", values: {}, body: split.body } : { kind: "none", body: text };
}
