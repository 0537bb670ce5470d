import { expect, test } from "@jest/globals";
import { matchesWildcard } from "../../../src/core/text/wildcard.ts";

test.each([
  ["tool:read", "tool:read", true],
  ["tool:read", "tool:*", true],
  ["tool:", "tool:*", true],
  ["tool:read", "*", true],
  ["tool:read_order", "tool:*_order", true],
  ["tool:read_order_now", "tool:*_order", false],
  ["tool:read_order", "*:*_*", true],
  ["aba", "ab*ba", false],
  ["abba", "ab*ba", true],
  ["abc", "a*bc*c", false],
  ["a.c", "a?c", false],
  ["TOOL:read", "tool:*", false],
  ["", "*", true],
  ["", "", true],
])("%s under %s: %s", (text, pattern, expected) => {
  expect(matchesWildcard(text, pattern)).toBe(expected);
});
