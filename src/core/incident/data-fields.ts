import { isJsonObject, type JsonObject, type JsonValue } from "../json.ts";
import { readYamlDocument } from "../yaml-document.ts";
import { fencesOf } from "./field-text.ts";
import { readLabel } from "./labels.ts";
import type { FieldId } from "./postmortem.ts";
import type { TextSpan } from "./text-span.ts";

const BLOCKS_MAX = 8;
const KNOWN_KEYS_MIN = 2;
const NESTING_MAX = 3;
const DATA_LANGUAGES = new Set(["", "yaml", "yml", "json", "jsonc", "json5"]);

/** A block of data in a body, and what its known keys say. */
export interface DataBlock extends TextSpan {
  readonly fields: ReadonlyMap<FieldId, string>;
}

/** Finds front matter and fenced YAML or JSON whose keys are labels of the form. */
export function findDataBlocks(text: string): readonly DataBlock[] {
  const front = frontMatter(text);
  const fenced = fencesOf(text)
    .filter(({ language }) => DATA_LANGUAGES.has(language))
    .slice(0, BLOCKS_MAX);
  const blocks = [...(front === undefined ? [] : [front]), ...fenced];
  const found = blocks.flatMap(({ content, start, end }) => {
    const fields = readDataFields(content);
    return fields === undefined ? [] : [{ fields, start, end }];
  });
  if (found.length > 0 || blocks.length > 0) return found;
  const fields = /^\s*(?:\{|[\w-]+:)/.test(text) ? readDataFields(text) : undefined;
  return fields === undefined ? [] : [{ fields, start: 0, end: text.length }];
}

function frontMatter(text: string): (TextSpan & { readonly content: string }) | undefined {
  const opening = /^\s*---[ \t]*\n/.exec(text)?.[0].length;
  if (opening === undefined) return undefined;
  const closing = /\n(?:---|\.\.\.)[ \t]*(?=\n|$)/.exec(text.slice(opening - 1));
  if (closing === null) return undefined;
  const end = opening - 1 + closing.index;
  return { content: text.slice(opening, end), start: 0, end: end + closing[0].length };
}

function readDataFields(content: string): ReadonlyMap<FieldId, string> | undefined {
  const document = readYamlDocument(content);
  if (document.kind === "unusable") return undefined;
  const { value } = document.value;
  if (!isJsonObject(value)) return undefined;
  const fields = new Map<FieldId, string>();
  collect(value, fields, NESTING_MAX);
  return fields.size >= KNOWN_KEYS_MIN ? fields : undefined;
}

function collect(value: JsonObject, fields: Map<FieldId, string>, nesting: number): void {
  for (const [key, member] of Object.entries(value)) {
    const label = readLabel(key);
    const inner = new Map<FieldId, string>();
    if (isJsonObject(member) && nesting > 0) collect(member, inner, nesting - 1);
    for (const [field, text] of inner) if (!fields.has(field)) fields.set(field, text);
    if (label?.kind === "field" && inner.size === 0 && !fields.has(label.field))
      fields.set(label.field, sayValue(member));
  }
}

function sayValue(value: JsonValue): string {
  if (value === null) return "";
  if (typeof value !== "object") return String(value);
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) {
    return value.map((item) => `- ${item}`).join("\n");
  }
  return JSON.stringify(value, undefined, 2);
}
