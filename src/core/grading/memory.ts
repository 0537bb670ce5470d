import type { SpanPattern } from "../fixture/trajectory-expectation.ts";
import { canonicalJson } from "../json.ts";
import { valueAtKey } from "../text/data-file.ts";
import { compilePattern } from "../text/linear-pattern.ts";
import { matchesWildcard } from "../text/wildcard.ts";
import type { Span } from "../trajectory/trajectory.ts";
import { onlyIfDelivered } from "./deliverable.ts";
import type { Grader } from "./grader.ts";
import { listText, only } from "./only.ts";
import { spanTest } from "./span-test.ts";
import { stepsText } from "./steps.ts";
import { unusableGrader } from "./ungraded.ts";

/** Reads or writes of the memory, and the argument that names the record. */
export interface MemoryUse {
  readonly use: "reads" | "writes";
  readonly key: string;
}

const READS: readonly string[] = ["memory:read", "memory:search"];

function isUse({ kind, name }: Span, use: MemoryUse["use"]): boolean {
  return kind === "memory" && READS.includes(name) === (use === "reads");
}

function keyOf({ call }: Span, argument: string): string | undefined {
  const value = call === undefined ? undefined : valueAtKey(call.arguments, argument);
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}

/** Passes when the memory is used under these keys only; a call that names no key is not among them. */
export function memoryOnly({ use, key }: MemoryUse, allowed: readonly string[]): Grader {
  return only({
    among: `memory ${use}`,
    kinds: ["memory"],
    isLookedAt: (span) => isUse(span, use),
    isAllowed: (span) => {
      const used = keyOf(span, key);
      return used !== undefined && allowed.some((pattern) => matchesWildcard(used, pattern));
    },
    allowed: listText(allowed),
  });
}

/** Passes when such a span comes before every read. */
export function memoryReadsAfter(justified: SpanPattern): Grader {
  const test = spanTest(justified);
  const expected = `memory reads only after ${test.words}`;
  const isJustified = onlyIfDelivered(test.kinds, async ({ trajectory }) => {
    const { spans } = trajectory;
    const from = spans.findIndex(test.isMeant);
    const read = spans.find((span, index) => isUse(span, "reads") && (from === -1 || index <= from));
    if (read === undefined) return { kind: "pass", because: expected };
    return {
      kind: "fail",
      because: `${read.name} occurred without ${test.words} before it`,
      expected,
      observed: stepsText(trajectory),
      spanId: read.id,
    };
  });
  return onlyIfDelivered(["memory"], async (evidence) => {
    if (evidence.trajectory.spans.some((span) => isUse(span, "reads"))) return await isJustified(evidence);
    return { kind: "pass", because: "nothing was read from the memory" };
  });
}

/** Passes when nothing is written under this key. */
export function memoryNeverWrites(key: string, forbidden: string): Grader {
  return only({
    among: "memory writes",
    kinds: ["memory"],
    isLookedAt: (span) => isUse(span, "writes"),
    isAllowed: (span) => !matchesWildcard(keyOf(span, key) ?? "", forbidden),
    allowed: `other keys than ${forbidden}`,
  });
}

/** Passes when something is written under this key. */
export function memoryWrites(key: string, required: string): Grader {
  return onlyIfDelivered(["memory"], async ({ trajectory }) => {
    const write = trajectory.spans.find(
      (span) => isUse(span, "writes") && matchesWildcard(keyOf(span, key) ?? "", required),
    );
    if (write !== undefined) return { kind: "pass", because: `${required} was written`, spanId: write.id };
    const because = `${required} was not written`;
    return {
      kind: "fail",
      because,
      expected: `a memory write of ${required}`,
      observed: stepsText(trajectory),
    };
  });
}

/** Passes when nothing that is written to the memory matches the pattern. */
export function memoryWritesLack(source: string): Grader {
  const pattern = compilePattern(source);
  if (pattern.kind === "unusable") return unusableGrader(pattern.problems);
  const isMatch = ({ call }: Span) => call !== undefined && pattern.value.test(canonicalJson(call.arguments));
  return only({
    among: "memory writes",
    kinds: ["memory"],
    isLookedAt: (span) => isUse(span, "writes"),
    isAllowed: (span) => !isMatch(span),
    allowed: `what does not match /${source}/`,
  });
}
