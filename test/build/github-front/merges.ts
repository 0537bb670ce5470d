import type { JsonObject } from "../../../src/core/json.ts";
import { json, type Reply, type Request, refusal } from "./exchange.ts";
import type { GitHub } from "./github.ts";
import { objectAt, textAt } from "./members.ts";
import { createMergeCommit } from "./merge-trees.ts";
import type { Protection } from "./protection.ts";
import type { PullHeads } from "./pull-heads.ts";
import { tellOfPush, tipOf } from "./pull-requests.ts";
import { pushPayload } from "./push-payload.ts";
import type { Routes } from "./routes.ts";

/** Merges: of the head as it stands into the base as it stands, where the branch's rules allow it. */
export function mergeRoutes(github: GitHub, heads: PullHeads, protection: Protection): Routes {
  return {
    "PUT /repos/:owner/:repo/pulls/:number/merge": async ({ request, at, pass }) => {
      const raw = await github.read("GET", `${github.place()}/pulls/${at("number")}`);
      const pull = heads.seen(raw);
      const [head, base] = [textAt(objectAt(pull, "head"), "sha"), textAt(objectAt(pull, "base"), "ref")];
      const missing = await protection.missing(base, head);
      if (missing.length > 0) return stillRequired(missing);
      const tip = (await tipOf(github, base)) ?? "";
      const message = `Merge pull request #${at("number")} from ${textAt(objectAt(pull, "head"), "label").replace(":", "/")}`;
      const commit = await createMergeCommit(github, { base: tip, head, message });
      if (commit === undefined) return refusal(405, "Pull Request is not mergeable");
      heads.closed(pull, commit);
      // The emulator notes that it is merged, by a commit of its own that nobody gets to see.
      const noted = await pass();
      if (noted.status !== 200) {
        heads.reopened(pull);
        return noted;
      }
      await moveBranch(github, heads, { request, branch: base, before: tip, after: commit });
      return merged(commit);
    },
  };
}

async function moveBranch(
  github: GitHub,
  heads: PullHeads,
  move: {
    readonly request: Request;
    readonly branch: string;
    readonly before: string;
    readonly after: string;
  },
): Promise<void> {
  const { request, branch, before, after } = move;
  github.toldPushes.add(after);
  await github.ask("PATCH", `${github.place()}/git/refs/heads/${branch}`, { sha: after, force: true });
  heads.moved(branch, after);
  const sender = await github.sender(request);
  await github.hooks.send("push", await pushPayload(github, { branch, before, after, sender }));
  await tellOfPush(github, heads, { branch, before, after, sender });
}

function merged(sha: string): Reply {
  const answer: JsonObject = { sha, merged: true, message: "Pull Request successfully merged" };
  return json(200, answer);
}

function stillRequired([first = "", ...others]: readonly string[]): Reply {
  return refusal(
    405,
    others.length === 0
      ? `Required status check "${first}" is expected.`
      : `${others.length + 1} of ${others.length + 1} required status checks are expected.`,
  );
}
