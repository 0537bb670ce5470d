import type { GateRun } from "../../ports/records.ts";

/** So long after a push a comment may still mean the commit before it. */
const PUSH_IS_FRESH_MS = 2 * 60_000;

/** A comment that decides about a commit without being written on it. */
interface Said {
  /** The commit that it names; its id may be cut. */
  readonly named: string | undefined;
  /** Undefined where that is not known. */
  readonly writtenAt: Date | undefined;
}

/** Which result somebody decided about. */
export type Bound =
  | { readonly kind: "bound"; readonly run: GateRun }
  | {
      readonly kind: "unbound";
      readonly because: "other_commit" | "not_finished" | "newer_result" | "fresh_push";
    };

/**
 * Tells which run of a pull request a comment is about: the finished one on its head, and no other.
 *
 * A comment names no commit by itself, and a push can land while it is written. So the result must be older than
 * the comment, and shortly after a push the comment has to name the commit. The runs are all of the pull request,
 * newest first.
 */
export function bindCommit(said: Said, headSha: string, runs: readonly GateRun[]): Bound {
  if (said.named !== undefined && !headSha.startsWith(said.named)) return unbound("other_commit");
  const run = runs.find((one) => one.headSha === headSha);
  if (run?.state !== "completed" || run.checks === undefined) return unbound("not_finished");
  const { writtenAt } = said;
  if (said.named === undefined && isFresh(headSha, runs, writtenAt)) return unbound("fresh_push");
  if (writtenAt !== undefined && run.updatedAt.getTime() > endOfSecond(writtenAt))
    return unbound("newer_result");
  return { kind: "bound", run };
}

/** Tells whether the head may have come, or come back, while the comment was written; where there was only ever one, it has not. */
function isFresh(headSha: string, runs: readonly GateRun[], writtenAt: Date | undefined): boolean {
  const before = runs.findIndex((run) => run.headSha !== headSha);
  if (before === -1) return false;
  const first = runs[before - 1];
  if (first === undefined || writtenAt === undefined) return true;
  return first.createdAt.getTime() > writtenAt.getTime() - PUSH_IS_FRESH_MS;
}

/** GitHub says the second in which something was written. */
function endOfSecond(at: Date): number {
  return at.getTime() + 999;
}

function unbound(because: Extract<Bound, { kind: "unbound" }>["because"]): Bound {
  return { kind: "unbound", because };
}
