import { type JsonValue, jsonEquals } from "../json.ts";
import { type Parsed, unusable } from "../problem.ts";
import type { Snapshot } from "../suite/snapshot.ts";
import { readDataFile } from "../text/data-file.ts";
import { watchedValue } from "./watched-value.ts";

/** Which of the watched keys differ; `unreadable` where that cannot be told, so that the whole file counts. */
export type KeyDifference =
  | { readonly kind: "keys"; readonly keys: readonly string[] }
  | { readonly kind: "unreadable" };

/** Compares the watched keys of a file between two commits; other keys, comments and layout make no difference. */
export function compareKeys(
  path: string,
  keys: readonly string[],
  base: Snapshot,
  head: Snapshot,
): KeyDifference {
  const before = valuesAt(path, base);
  const after = valuesAt(path, head);
  if (before.kind === "unusable" || after.kind === "unusable") return { kind: "unreadable" };
  const differing = keys.filter((key) => !sameAtKey(before.value, after.value, key));
  return { kind: "keys", keys: differing };
}

function valuesAt(path: string, snapshot: Snapshot): Parsed<JsonValue> {
  // A file that is not in the commit holds none of the keys.
  if (!snapshot.tree.entries.has(path) && !snapshot.tree.truncated) return { kind: "parsed", value: null };
  const text = snapshot.files.get(path);
  return text === undefined ? unusable([]) : readDataFile(path, text);
}

function sameAtKey(before: JsonValue, after: JsonValue, key: string): boolean {
  const valueBefore = watchedValue(before, key);
  const valueAfter = watchedValue(after, key);
  if (valueBefore === undefined || valueAfter === undefined) return valueBefore === valueAfter;
  return jsonEquals(valueBefore, valueAfter);
}
