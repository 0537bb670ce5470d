import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { problemText } from "../../../src/core/problem.ts";
import { compilePattern, type LinearPattern } from "../../../src/core/text/linear-pattern.ts";

function pattern(source: string, options = {}): LinearPattern {
  const compiled = compilePattern(source, options);
  if (compiled.kind === "unusable") throw new Error(compiled.problems.map(problemText).join());
  return compiled.value;
}

function problems(source: string): string {
  const compiled = compilePattern(source);
  return compiled.kind === "unusable" ? compiled.problems.map(problemText).join("\n") : "none";
}

test.each([
  { source: "re+fund", text: "a reefund", matches: true },
  { source: "^refund$", text: "a refund", matches: false },
  { source: "REFUND", text: "refund", matches: false },
  { source: "(?i)REFUND", text: "refund", matches: true },
  { source: "\\d{4}-\\d{2}", text: "since 2026-04", matches: true },
  { source: "(?P<day>\\d+)", text: "3", matches: true },
  { source: "", text: "anything", matches: true },
])("$source matches $text: $matches", ({ source, text, matches }) => {
  expect(pattern(source).test(text)).toBe(matches);
});

test("finds the first part that matches, or nothing", () => {
  expect(pattern("\\w+@\\w+").find("from ann@acme to bob@acme")).toBe("ann@acme");
  expect(pattern("x*").find("abc")).toBe("");
  expect(pattern("\\d").find("abc")).toBeUndefined();
});

test("ignores case where asked to", () => {
  expect(pattern("Approved", { ignoreCase: true }).test("it was APPROVED")).toBe(true);
});

test.each(["(?=a)b", "(?!a)b", "(?<=a)b", "(?<!a)b", "(a)\\1", "(?<n>a)\\k<n>"])(
  "says of %s that only linear-time syntax is supported",
  (source) => {
    expect(problems(source)).toContain("linear-time (RE2) syntax, without lookaround and backreferences");
    expect(problems(source)).toContain(`got ${source}`);
  },
);

test.each(["(", "[a-", "*", "x{2,1}", "\\Z"])("says what is wrong with %s", (source) => {
  expect(problems(source)).toContain(`got ${source}: `);
});

test("refuses a pattern that is too long or compiles to too much", () => {
  expect(problems("a".repeat(501))).toContain("at most 500 characters, got 501 characters");
  expect(problems(".{1000}".repeat(10))).toContain("lower repeat counts");
});

test("a pattern that backtracking engines choke on is answered without backtracking", () => {
  const text = `${"a".repeat(5_000)}!`;
  expect(pattern("(a+)+$").test(text)).toBe(false);
  expect(pattern("(a|aa)+$").test(text)).toBe(false);
});

test("never throws, whatever the source", () => {
  const sources = fc.oneof(
    fc.string({ unit: "binary", maxLength: 60 }),
    fc.string({ unit: fc.constantFrom(..."()[]{}*+?|\\^$.,:=!<>-aAdpPz019/"), maxLength: 40 }),
  );
  fc.assert(
    fc.property(sources, fc.string(), (source, text) => {
      const compiled = compilePattern(source);
      return compiled.kind === "unusable" || typeof compiled.value.test(text) === "boolean";
    }),
    { numRuns: 1_000 },
  );
});
