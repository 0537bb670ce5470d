import { isJsonObject, type JsonObject, type JsonValue } from "../json.ts";
import type { Span } from "./trajectory.ts";

/** One change of one key of the state. */
export interface StateChange {
  /** Dotted key, such as `order.status`. */
  readonly key: string;
  readonly from: JsonValue | undefined;
  readonly to: JsonValue;
  readonly spanId: string;
}

/** What calls would have made of the state of a case. */
export interface CaseState {
  /** Changes in their order; what is set to the value that it has is none. */
  readonly changes: readonly StateChange[];
  /** Every known key at the end, dotted, with its value. */
  readonly final: ReadonlyMap<string, JsonValue>;
}

/** Follows the state of a case from what it was through all that the calls would have changed. */
export function followState(initial: JsonObject, spans: readonly Span[]): CaseState {
  const final = new Map(leavesOf(initial));
  const changes: StateChange[] = [];
  for (const span of spans) {
    for (const [key, to] of leavesOf(span.changes ?? {})) {
      const from = final.get(key);
      final.set(key, to);
      if (JSON.stringify(from) !== JSON.stringify(to)) changes.push({ key, from, to, spanId: span.id });
    }
  }
  return { changes, final };
}

/** Lists the values of an object by their dotted keys; lists and empty objects are values. */
export function leavesOf(value: JsonObject, above = ""): readonly (readonly [string, JsonValue])[] {
  return Object.entries(value).flatMap(([key, member]) =>
    isJsonObject(member) && Object.keys(member).length > 0
      ? leavesOf(member, `${above}${key}.`)
      : [[above + key, member] as const],
  );
}
