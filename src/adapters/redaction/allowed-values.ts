import type { AllowedValue } from "../../core/config/config.ts";
import { compilePattern, type LinearPattern } from "../../core/text/linear-pattern.ts";
import type { FoundValue } from "./found-value.ts";

const TESTED_LENGTH_MAX = 500;

/** Tells which found values a repository lets stand: by their exact letters, or for personal data by a pattern over the whole value. */
export function makeAllowance(
  allowed: readonly AllowedValue[],
): (kind: FoundValue["kind"], written: string) => boolean {
  const exact = new Set(allowed.filter((one) => typeof one === "string"));
  const patterns = allowed.flatMap((one) => (typeof one === "string" ? [] : wholeValue(one.pattern)));
  return (kind, written) => {
    if (exact.has(written)) return true;
    // A pattern can match more than its author thought of, so no secret stands by one.
    if (kind === "secret" || written.length > TESTED_LENGTH_MAX) return false;
    return patterns.some((pattern) => pattern.test(written));
  };
}

function wholeValue(source: string): readonly LinearPattern[] {
  const read = compilePattern(`^(?:${source})$`);
  return read.kind === "parsed" ? [read.value] : [];
}
