import { canonicalJson } from "../json.ts";
import { valueAtKey } from "../text/data-file.ts";
import type { Span } from "../trajectory/trajectory.ts";

/** Names what two calls must share: equal text for equal values; undefined where a call lacks one of the arguments. */
export function sharedKey(span: Span, same: readonly string[] | undefined): string | undefined {
  if (same === undefined || same.length === 0) return "";
  const { call } = span;
  if (call === undefined) return undefined;
  const values = same.map((path) => valueAtKey(call.arguments, path));
  return values.some((value) => value === undefined)
    ? undefined
    : values.map((value) => canonicalJson(value ?? null)).join(" ");
}

/** Says in words what two calls must share. */
export function sameText(same: readonly string[] | undefined): string {
  return same === undefined || same.length === 0 ? "" : ` with the same ${same.join(", ")}`;
}
