import { describe, expect, test } from "@jest/globals";
import { agreedFixtures, approvingLogins, type Guarded, isAgreed } from "../../../src/core/guard/consent.ts";
import type { Review } from "../../../src/core/guard/review.ts";
import type { WeakenedPart } from "../../../src/core/guard/weakening.ts";

const HEAD = "a".repeat(40);
const OTHER = "b".repeat(40);
const NOON = new Date("2026-11-21T12:00:00Z");

function aReview(author: string, state: Review["state"], commit = HEAD, at = NOON): Review {
  return { id: 1, author, state, commit, at };
}

describe("who approves a commit", () => {
  test.each<readonly [string, readonly Review[], readonly string[]]>([
    ["an approval of this commit counts", [aReview("kim", "approved")], ["kim"]],
    ["an approval of an older commit does not", [aReview("kim", "approved", OTHER)], []],
    ["the author's own does not, in whatever letters", [aReview("Wanda", "approved")], []],
    ["a later comment leaves it", [aReview("kim", "approved"), aReview("kim", "commented")], ["kim"]],
    [
      "a later request for changes takes it back",
      [aReview("kim", "approved"), aReview("Kim", "changes_requested")],
      [],
    ],
    ["a dismissal takes it back", [aReview("kim", "dismissed")], []],
    [
      "a dismissal does not bring an earlier one back",
      [aReview("kim", "approved"), aReview("kim", "dismissed")],
      [],
    ],
    [
      "a later approval of another commit takes it back",
      [aReview("kim", "approved"), aReview("kim", "approved", OTHER)],
      [],
    ],
    [
      "an approval after a request for changes counts",
      [aReview("kim", "changes_requested"), aReview("kim", "approved")],
      ["kim"],
    ],
    ["a draft of a review is none", [aReview("kim", "pending")], []],
    [
      "each person has a last word of their own",
      [aReview("kim", "approved"), aReview("max", "changes_requested")],
      ["kim"],
    ],
  ])("%s", (_, reviews, approving) => {
    expect(approvingLogins(reviews, { headSha: HEAD, author: "wanda", since: undefined })).toEqual(approving);
  });

  test("an approval that is older than the comparison was given to another one", () => {
    const reviews = [
      aReview("kim", "approved"),
      aReview("max", "approved", HEAD, new Date(NOON.getTime() + 1)),
    ];
    const since = new Date(NOON.getTime() + 1);
    expect(approvingLogins(reviews, { headSha: HEAD, author: "wanda", since })).toEqual(["max"]);
  });
});

function guarded(name: string, part: WeakenedPart, by?: string): Guarded {
  return {
    weakened: { name, path: name, headPath: undefined, owner: undefined, part },
    consent:
      by === undefined
        ? { kind: "missing", approvers: [], remarks: [] }
        : { kind: "given", by, as: "@acme/x" },
  };
}

test("all of it must be agreed to, and only fixtures whose change was agreed to are listed instead of blocking", () => {
  const fixture = guarded("asks-first", { kind: "fixture_removed", movedTo: undefined }, "kim");
  const other = guarded("says-no", { kind: "fixture_changed", changes: [] });
  const file = guarded("asks-first", { kind: "calibration_changed" }, "max");
  expect(isAgreed([fixture, file])).toBe(true);
  expect(isAgreed([fixture, other])).toBe(false);
  expect(agreedFixtures([fixture, other, file])).toEqual(new Map([["asks-first", "kim"]]));
});
