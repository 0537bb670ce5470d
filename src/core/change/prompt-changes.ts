import { type JsonObject, jsonEquals } from "../json.ts";
import type { Snapshot } from "../suite/snapshot.ts";
import { type FrontMatter, readFrontMatter } from "../text/front-matter.ts";
import type { ChangeType } from "./change-type.ts";

/** What the front matter of a prompt can say beside the prompt; other keys belong to the prompt itself. */
const TYPE_OF_KEY: Readonly<Record<string, ChangeType>> = {
  model: "model",
  model_id: "model",
  model_name: "model",
  model_config: "model",
  provider: "model",
  parameters: "model",
  config: "model",
  configuration: "model",
  temperature: "model",
  top_p: "model",
  top_k: "model",
  max_tokens: "model",
  max_output_tokens: "model",
  stop_sequences: "model",
  seed: "model",
  effort: "model",
  thinking: "model",
  reasoning: "model",
  tools: "tools",
  tool_choice: "tools",
  toolsets: "tools",
  functions: "tools",
  policy: "policy",
  policies: "policy",
  guardrails: "policy",
  permissions: "policy",
  retrieval: "retrieval",
  documents: "retrieval",
  knowledge: "retrieval",
  memory: "memory",
  handoffs: "topology",
};

/** What differs in a prompt file: its wording, a key of its front matter, or nothing that anybody is given. */
export interface PromptDifference {
  readonly type: ChangeType;
  readonly key?: string;
}

/**
 * Says in which ways a prompt file changes between two commits; comments in its front matter are no change.
 *
 * Where a side could not be read, or its front matter cannot, both the wording and the model count as changed.
 */
export function promptDifferences(
  path: string,
  wording: ChangeType,
  base: Snapshot,
  head: Snapshot,
): readonly PromptDifference[] {
  const before = readSide(path, base);
  const after = readSide(path, head);
  if (before === "absent" || after === "absent") {
    const present = before === "absent" ? after : before;
    return present === "absent" || present === "unread"
      ? [{ type: wording }]
      : [{ type: wording }, ...keyDifferences({}, valuesOf(present), wording)];
  }
  if (before === "unread" || after === "unread") return untold(wording);
  if (before.kind === "unreadable" || after.kind === "unreadable")
    return before.body === after.body ? [] : untold(wording);
  return [
    ...(before.body === after.body ? [] : [{ type: wording }]),
    ...keyDifferences(valuesOf(before), valuesOf(after), wording),
  ];
}

function readSide(path: string, { tree, files }: Snapshot): FrontMatter | "absent" | "unread" {
  const text = files.get(path);
  if (text !== undefined) return readFrontMatter(text);
  return tree.entries.has(path) || tree.truncated ? "unread" : "absent";
}

function untold(wording: ChangeType): readonly PromptDifference[] {
  return [{ type: wording }, { type: "model" }];
}

function valuesOf(side: FrontMatter): JsonObject {
  return side.kind === "read" ? side.values : {};
}

function keyDifferences(
  before: JsonObject,
  after: JsonObject,
  wording: ChangeType,
): readonly PromptDifference[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys
    .filter((key) => !isSame(before, after, key))
    .map((key) => ({ type: typeOfKey(key) ?? wording, key }));
}

function isSame(before: JsonObject, after: JsonObject, key: string): boolean {
  const one = Object.hasOwn(before, key) ? before[key] : undefined;
  const other = Object.hasOwn(after, key) ? after[key] : undefined;
  return one === undefined || other === undefined ? one === other : jsonEquals(one, other);
}

/** Keys are told by their words, as `max-tokens`, `maxTokens` and `max_tokens` are one to whoever reads them. */
function typeOfKey(key: string): ChangeType | undefined {
  const words = key
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/-/g, "_")
    .toLowerCase();
  // Frameworks name the agents below one in many ways, and all of those names end alike.
  if (words.endsWith("agents")) return "topology";
  return Object.hasOwn(TYPE_OF_KEY, words) ? TYPE_OF_KEY[words] : undefined;
}
