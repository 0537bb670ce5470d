import { inlineCode } from "../text/markdown.ts";
import { listing } from "./amounts.ts";
import type { CheckRun } from "./check-run.ts";

const NUMBERS_SHOWN_MAX = 10;
/** GitHub names the branches of its merge queue so; a group of several holds several numbers. */
const PULL_REQUEST = /pr-(\d{1,10})(?=-)/g;

/** Reads from the name of a merge group's branch which pull requests are in it; none where it says nothing of them. */
export function pullRequestsOfGroup(headRef: string): readonly number[] {
  const name = headRef.split("/").at(-1) ?? "";
  return [...new Set([...name.matchAll(PULL_REQUEST)].map(([, number]) => Number(number)))];
}

/** Says above the checks of a merge group what was evaluated; its buttons are left out, since the queue asks again by itself. */
export function noteMergeGroup(
  checks: readonly CheckRun[],
  group: { readonly headRef: string; readonly baseRef: string },
): readonly CheckRun[] {
  const numbers = pullRequestsOfGroup(group.headRef).map((number) => `#${number}`);
  const what = numbers.length === 0 ? "What it holds" : listing(numbers, NUMBERS_SHOWN_MAX);
  const branch = inlineCode(group.baseRef.replace(/^refs\/heads\//, ""));
  const note = `This is a group of the merge queue: ${what} on top of ${branch}, evaluated as one change. Where “this pull request” is said below, all of it is meant. A group that fails leaves the queue; mend what is named and queue the pull request again.`;
  return checks.map(({ actions: _, ...check }) => ({ ...check, summary: `${note}\n\n${check.summary}` }));
}
