import type { JsonObject, JsonValue } from "../../../src/core/json.ts";
import { jsonValue } from "../../../src/core/json.ts";
import { bodyOf, json, type Reply, type Request, refusal, succeeded } from "./exchange.ts";
import type { GitHub } from "./github.ts";
import { listOf, numberAt, objectAt, textAt } from "./members.ts";
import type { PullHeads } from "./pull-heads.ts";
import type { Routes } from "./routes.ts";

const PULLS = "/repos/:owner/:repo/pulls";

/** Pull requests whose head follows their branch, one for each pair of branches, whose changes are told. */
export function pullRequestRoutes(github: GitHub, heads: PullHeads): Routes {
  const seenIn = (reply: Reply): Reply =>
    succeeded(reply) ? { ...reply, body: JSON.stringify(heads.seen(bodyOf(reply))) } : reply;

  async function tell(action: string, pullRequest: JsonObject, request: Request, more: JsonObject) {
    await github.hooks.send("pull_request", {
      action,
      number: pullRequest.number ?? null,
      ...more,
      pull_request: heads.seen(pullRequest),
      repository: await github.repository(),
      sender: await github.sender(request),
    });
  }

  return {
    [`GET ${PULLS}`]: async ({ pass }) => {
      const reply = await pass();
      if (!succeeded(reply)) return reply;
      const pulls = listOf(jsonValue.parse(JSON.parse(reply.body))).map((pull) => heads.seen(pull));
      return { ...reply, body: JSON.stringify(pulls) };
    },

    [`GET ${PULLS}/:number`]: async ({ pass }) => seenIn(await pass()),

    [`POST ${PULLS}`]: async ({ request, pass }) => {
      const because = await whyNot(github, bodyOf(request));
      return because === undefined ? seenIn(await pass()) : invalid("PullRequest", because);
    },

    [`PATCH ${PULLS}/:number`]: async ({ request, at, pass }) => {
      const before = await github.read("GET", `${github.place()}/pulls/${at("number")}`);
      const wanted = bodyOf(request);
      if (wanted.state === "closed" && before.state === "open") heads.closed(before);
      if (wanted.state === "open" && before.state === "closed") heads.reopened(before);
      const reply = await pass();
      if (!succeeded(reply)) return reply;
      const after = bodyOf(reply);
      const [baseBefore, baseAfter] = [objectAt(before, "base"), objectAt(after, "base")];
      if (baseBefore.ref !== baseAfter.ref) {
        const changes = {
          base: { ref: { from: textAt(baseBefore, "ref") }, sha: { from: textAt(baseBefore, "sha") } },
        };
        await tell("edited", after, request, { changes });
      }
      if (before.draft !== after.draft)
        await tell(after.draft === true ? "converted_to_draft" : "ready_for_review", after, request, {});
      return seenIn(reply);
    },

    [`GET ${PULLS}/:number/files`]: async ({ at, request, pass }) => {
      const pull = heads.seen(await github.read("GET", `${github.place()}/pulls/${at("number")}`));
      const range = `${textAt(objectAt(pull, "base"), "sha")}...${textAt(objectAt(pull, "head"), "sha")}`;
      const compared = await pass({ ...request, path: `${github.place()}/compare/${range}` });
      return succeeded(compared) ? json(200, bodyOf(compared).files ?? []) : compared;
    },

    // Heads of forks are found by nobody here, as on GitHub.
    "GET /repos/:owner/:repo/commits/:sha/pulls": async ({ at }) => {
      const all = listOf(await github.ask("GET", `${github.place()}/pulls?state=all&per_page=100`));
      const seen = all.map((pull) => heads.seen(pull));
      return json(
        200,
        seen.filter((pull) => isHere(pull) && objectAt(pull, "head").sha === at("sha")),
      );
    },
  };
}

/** Tells of every open pull request from a branch that the branch has moved. */
export async function tellOfPush(
  github: GitHub,
  heads: PullHeads,
  push: {
    readonly branch: string;
    readonly before: string;
    readonly after: string;
    readonly sender: JsonObject;
  },
): Promise<void> {
  if (push.before === push.after) return;
  for (const pull of await openFrom(github, push.branch)) {
    const number = numberAt(pull, "number");
    await github.hooks.send("pull_request", {
      action: "synchronize",
      number,
      before: push.before,
      after: push.after,
      pull_request: heads.seen(await github.read("GET", `${github.place()}/pulls/${number}`)),
      repository: await github.repository(),
      sender: push.sender,
    });
  }
}

/** The open pull requests from a branch of the repository itself. */
export async function openFrom(github: GitHub, branch: string): Promise<readonly JsonObject[]> {
  const head = encodeURIComponent(`${github.emulator.repository.owner}:${branch}`);
  return listOf(await github.ask("GET", `${github.place()}/pulls?state=open&head=${head}`));
}

/** GitHub's refusal of what it understood and cannot do. */
function invalid(resource: string, message: string): Reply {
  return refusal(422, "Validation Failed", [{ resource, code: "custom", message }]);
}

async function whyNot(github: GitHub, wanted: JsonObject): Promise<string | undefined> {
  const { owner } = github.emulator.repository;
  const branch = textAt(wanted, "head").replace(`${owner}:`, "");
  // A fork's branch is looked for elsewhere.
  if (branch.includes(":")) return undefined;
  const standing = await openFrom(github, branch);
  if (standing.some((pull) => objectAt(pull, "base").ref === wanted.base))
    return `A pull request already exists for ${owner}:${branch}.`;
  const [head, base] = await Promise.all([tipOf(github, branch), tipOf(github, textAt(wanted, "base"))]);
  if (head === undefined || base === undefined) return "head and base must be branches";
  return head === base ? `No commits between ${textAt(wanted, "base")} and ${branch}` : undefined;
}

/** The commit at the tip of a branch. */
export async function tipOf(github: GitHub, branch: string): Promise<string | undefined> {
  const found: JsonValue = await github.ask("GET", `${github.place()}/git/matching-refs/heads/${branch}`);
  const ref = listOf(found).find((one) => one.ref === `refs/heads/${branch}`);
  return ref === undefined ? undefined : textAt(objectAt(ref, "object"), "sha");
}

function isHere(pull: JsonObject): boolean {
  return numberAt(objectAt(pull, "head", "repo"), "id") === numberAt(objectAt(pull, "base", "repo"), "id");
}
