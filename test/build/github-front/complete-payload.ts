import type { JsonObject } from "../../../src/core/json.ts";
import { type GitHub, withWholeOwner } from "./github.ts";
import { listOf, objectAt, textAt } from "./members.ts";
import type { PullHeads } from "./pull-heads.ts";
import { pushPayload } from "./push-payload.ts";

/** Completes what the emulator says of an event; answers nothing where the front tells of it by itself. */
export async function completePayload(
  event: string,
  said: JsonObject,
  from: {
    readonly github: GitHub;
    readonly heads: PullHeads;
    readonly seenRun: (run: JsonObject) => JsonObject;
  },
): Promise<JsonObject | undefined> {
  const { github, heads, seenRun } = from;
  const payload = { ...said, repository: withWholeOwner(objectAt(said, "repository")) };
  if (event === "pull_request")
    return { ...payload, pull_request: heads.seen(objectAt(said, "pull_request")) };
  if (event === "check_run") {
    const run = seenRun(objectAt(said, "check_run"));
    return { ...payload, check_run: await withPullRequests(run, github, heads) };
  }
  if (event === "check_suite") {
    const suite = { ...objectAt(said, "check_suite"), app: github.app() };
    return { ...payload, check_suite: await withPullRequests(suite, github, heads) };
  }
  if (event !== "push") return payload;
  const [before, after] = [textAt(said, "before"), textAt(said, "after")];
  if (github.toldPushes.has(after)) return undefined;
  const branch = textAt(said, "ref").replace("refs/heads/", "");
  const whole = await pushPayload(github, { branch, before, after, sender: objectAt(said, "sender") });
  return { ...whole, installation: objectAt(said, "installation") };
}

/** Names the open pull requests whose head a check stands on; those of forks are missing, as on GitHub. */
export async function withPullRequests(
  check: JsonObject,
  github: GitHub,
  heads: PullHeads,
): Promise<JsonObject> {
  const open = listOf(await github.ask("GET", `${github.place()}/pulls?state=open&per_page=100`));
  const named = open
    .map((pull) => heads.seen(pull))
    .filter((pull) => objectAt(pull, "head").sha === check.head_sha)
    .map((pull) => ({
      url: textAt(pull, "url"),
      id: pull.id ?? 0,
      number: pull.number ?? 0,
      head: sideOf(pull, "head"),
      base: sideOf(pull, "base"),
    }));
  return { ...check, pull_requests: named };
}

function sideOf(pull: JsonObject, side: "head" | "base"): JsonObject {
  const { ref = "", sha = "", repo } = objectAt(pull, side);
  const { id = 0, url = "", name = "" } = objectAt(repo);
  return { ref, sha, repo: { id, url, name } };
}
