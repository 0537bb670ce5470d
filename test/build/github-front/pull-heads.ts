import type { JsonObject } from "../../../src/core/json.ts";
import { numberAt, objectAt, textAt } from "./members.ts";

/** Where pull requests stand: the emulator keeps the head with which one was opened, GitHub follows its branch. */
export interface PullHeads {
  /** A pull request as GitHub shows it. */
  seen(pullRequest: JsonObject): JsonObject;
  /** A branch of the repository is here now. */
  moved(branch: string, sha: string): void;
  /** A pull request was closed, or merged by this commit: it follows its branch no more. */
  closed(pullRequest: JsonObject, mergeCommit?: string): void;
  reopened(pullRequest: JsonObject): void;
}

/** Follows the branches of a repository. */
export function openPullHeads(): PullHeads {
  const tips = new Map<string, string>();
  const closed = new Map<number, { readonly head: string; readonly mergeCommit: string | undefined }>();

  function headOf(pullRequest: JsonObject): string {
    const head = objectAt(pullRequest, "head");
    const isHere =
      numberAt(objectAt(head, "repo"), "id") === numberAt(objectAt(pullRequest, "base", "repo"), "id");
    const tip = isHere ? tips.get(textAt(head, "ref")) : undefined;
    return closed.get(numberAt(pullRequest, "number"))?.head ?? tip ?? textAt(head, "sha");
  }

  return {
    seen(pullRequest) {
      const mergeCommit = closed.get(numberAt(pullRequest, "number"))?.mergeCommit;
      return {
        active_lock_reason: null,
        ...pullRequest,
        head: { ...objectAt(pullRequest, "head"), sha: headOf(pullRequest) },
        ...(mergeCommit === undefined ? {} : { merge_commit_sha: mergeCommit }),
      };
    },
    moved: (branch, sha) => void tips.set(branch, sha),
    closed: (pullRequest, mergeCommit) =>
      void closed.set(numberAt(pullRequest, "number"), { head: headOf(pullRequest), mergeCommit }),
    reopened: (pullRequest) => void closed.delete(numberAt(pullRequest, "number")),
  };
}
