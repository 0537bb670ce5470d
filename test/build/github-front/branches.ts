import { bodyOf, succeeded } from "./exchange.ts";
import type { GitHub } from "./github.ts";
import { numberAt, objectAt, textAt } from "./members.ts";
import type { PullHeads } from "./pull-heads.ts";
import { openFrom, tellOfPush, tipOf } from "./pull-requests.ts";
import type { Routes } from "./routes.ts";

const REPO = "/repos/:owner/:repo";
const BRANCH = /^(?:refs\/)?heads\/(.+)$/;

/** Branches that tell their pull requests when they move, and take them along when they go. */
export function branchRoutes(github: GitHub, heads: PullHeads): Routes {
  return {
    [`POST ${REPO}/git/refs`]: async ({ request, pass }) => {
      const reply = await pass();
      const { ref, sha } = bodyOf(request);
      const branch = BRANCH.exec(String(ref))?.[1];
      if (succeeded(reply) && branch !== undefined) heads.moved(branch, String(sha));
      return reply;
    },

    [`PATCH ${REPO}/git/refs/:ref*`]: async ({ request, at, pass }) => {
      const branch = BRANCH.exec(at("ref"))?.[1];
      const before = branch === undefined ? undefined : await tipOf(github, branch);
      const reply = await pass();
      if (!succeeded(reply) || branch === undefined || before === undefined) return reply;
      const after = textAt(objectAt(bodyOf(reply), "object"), "sha");
      heads.moved(branch, after);
      await tellOfPush(github, heads, { branch, before, after, sender: await github.sender(request) });
      return reply;
    },

    [`DELETE ${REPO}/git/refs/:ref*`]: async ({ at, pass }) => {
      const branch = BRANCH.exec(at("ref"))?.[1] ?? "";
      const reply = await pass();
      if (!succeeded(reply)) return reply;
      for (const pull of await openFrom(github, branch)) {
        heads.closed(pull);
        await github.ask("PATCH", `${github.place()}/pulls/${numberAt(pull, "number")}`, { state: "closed" });
      }
      return reply;
    },

    [`PUT ${REPO}/contents/:path*`]: async ({ request, pass }) => {
      const wanted = textAt(bodyOf(request), "branch");
      const branch = wanted === "" ? textAt(await github.repository(), "default_branch") : wanted;
      const before = await tipOf(github, branch);
      const reply = await pass();
      if (!succeeded(reply)) return reply;
      const after = textAt(objectAt(bodyOf(reply), "commit"), "sha");
      heads.moved(branch, after);
      const push = { branch, before: before ?? "", after, sender: await github.sender(request) };
      await tellOfPush(github, heads, push);
      return reply;
    },
  };
}
