import { expect, test } from "@jest/globals";
import { editDistance, nearestWord } from "../../../src/core/text/nearest-word.ts";

test.each([
  ["kitten", "sitting", 3],
  ["", "abc", 3],
  ["abc", "", 3],
  ["same", "same", 0],
])("%j and %j are %d letters apart", (a, b, distance) => {
  expect(editDistance(a, b)).toBe(distance);
});

test("finds the word that was meant, and none where none is near", () => {
  expect(nearestWord("must_not_contian", ["must_contain", "must_not_contain"])).toBe("must_not_contain");
  expect(nearestWord("colour", ["trials", "expect"])).toBeUndefined();
});
