import { truncate } from "../text/markdown.ts";
import type { CheckRun } from "./check-run.ts";

/** What a pull request came to on a commit; no checks while that is not decided. */
export interface CommitResult {
  readonly pullRequest: number;
  readonly checks: readonly CheckRun[] | undefined;
}

type Standing = "success" | "neutral" | "in_progress" | "action_required" | "failure";

/** One check of another pull request on the commit. */
interface Seen {
  readonly pullRequest: number;
  readonly standing: Standing;
  readonly actions: CheckRun["actions"];
}

const TITLE_LENGTH_MAX = 255;
const NAMED_MAX = 5;
/** From good to bad: what is not known to pass comes before no pass. */
const FROM_GOOD_TO_BAD: readonly Standing[] = [
  "success",
  "neutral",
  "in_progress",
  "action_required",
  "failure",
];
const WORDS: Readonly<Record<Standing, { readonly title: string; readonly is: string }>> = {
  success: { title: "Passed", is: "is in order" },
  neutral: { title: "Warning", is: "has a warning" },
  in_progress: { title: "In progress", is: "is still being evaluated" },
  action_required: { title: "Action required", is: "needs somebody to act" },
  failure: { title: "Blocked", is: "is blocked" },
};

/**
 * Brings the checks of a pull request to the worst that any pull request on its commit came to.
 *
 * GitHub keeps checks by commit and name: what one pull request may not do, none on the same commit
 * may get from the green of another.
 */
export function shareChecks(
  own: { readonly pullRequest: number; readonly checks: readonly CheckRun[] },
  others: readonly CommitResult[],
): readonly CheckRun[] {
  return own.checks.map((check) => shareCheck(check, own.pullRequest, others));
}

function shareCheck(check: CheckRun, pullRequest: number, others: readonly CommitResult[]): CheckRun {
  const seen = others
    // What was decided before there was a check of this name says nothing of it.
    .filter(({ checks }) => checks === undefined || checks.some(({ name }) => name === check.name))
    .map((other) => seenIn(other, check.name))
    .filter(({ standing }) => standing !== "success")
    .toSorted((one, other) => badness(other.standing) - badness(one.standing));
  const [worst] = seen;
  if (worst === undefined) return check;
  const noted = { ...check, summary: `${noteOf(check, pullRequest, seen)}\n\n${check.summary}` };
  if (badness(worst.standing) <= badness(standingOf(check))) return noted;
  const { title, is } = WORDS[worst.standing];
  const { actions: _, ...silent } = noted;
  return {
    ...silent,
    ...(worst.actions === undefined ? {} : { actions: worst.actions }),
    state: stateOf(worst.standing),
    title: truncate(`${title}: #${worst.pullRequest} shares this commit and ${is}`, {
      charactersMax: TITLE_LENGTH_MAX,
    }),
  };
}

function noteOf({ title }: CheckRun, pullRequest: number, others: readonly Seen[]): string {
  const named = others
    .slice(0, NAMED_MAX)
    .map((other) => `**#${other.pullRequest} shares this commit and ${WORDS[other.standing].is}.**`);
  const more = others.length > NAMED_MAX ? [`So do ${others.length - NAMED_MAX} more in some way.`] : [];
  return [
    ...named,
    ...more,
    "GitHub keeps one check of this name for a commit, so the worst of them counts for all.",
    `What follows is #${pullRequest} alone: ${title}.`,
  ].join(" ");
}

function seenIn({ pullRequest, checks }: CommitResult, name: CheckRun["name"]): Seen {
  const check = checks?.find((one) => one.name === name);
  const standing = check === undefined ? "in_progress" : standingOf(check);
  return { pullRequest, standing, actions: check?.actions };
}

function standingOf({ state }: CheckRun): Standing {
  if (state.kind === "in_progress") return "in_progress";
  // A run that was cancelled decided nothing, which is no pass.
  return state.conclusion === "cancelled" ? "in_progress" : state.conclusion;
}

function stateOf(standing: Standing): CheckRun["state"] {
  return standing === "in_progress" ? { kind: "in_progress" } : { kind: "completed", conclusion: standing };
}

function badness(standing: Standing): number {
  return FROM_GOOD_TO_BAD.indexOf(standing);
}
