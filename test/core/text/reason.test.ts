import { expect, test } from "@jest/globals";
import { isReason } from "../../../src/core/text/reason.ts";

test.each([
  ["the provider is down since noon", true],
  ["hot fix, see INC-12", true],
  ["顧客への返金が止まっています", true],
  ["", false],
  ["because", false],
  ["just merge", false],
  ["... !!! ???", false],
  ["x x x x", false],
])("%j gives a reason: %p", (text, gives) => {
  expect(isReason(text)).toBe(gives);
});
