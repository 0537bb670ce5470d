import type { JsonObject } from "../../../src/core/json.ts";
import type { GitHub } from "./github.ts";
import { listOf, objectAt, textAt } from "./members.ts";

const NOBODY_BEFORE = "0".repeat(40);

/** What GitHub says of a branch that was pushed to. */
export async function pushPayload(
  github: GitHub,
  push: {
    readonly branch: string;
    readonly before: string;
    readonly after: string;
    readonly sender: JsonObject;
  },
): Promise<JsonObject> {
  const { branch, before, after, sender } = push;
  const compared = await github.read("GET", `${github.place()}/compare/${before}...${after}`);
  const commits = listOf(compared.commits).map((commit) => commitOf(commit, github));
  const repository = await github.repository();
  return {
    ref: `refs/heads/${branch}`,
    before,
    after,
    base_ref: null,
    created: before === NOBODY_BEFORE,
    deleted: false,
    forced: false,
    compare: `${textAt(repository, "html_url")}/compare/${before.slice(0, 12)}...${after.slice(0, 12)}`,
    commits,
    head_commit: commits.at(-1) ?? null,
    pusher: { name: textAt(sender, "login"), email: `${textAt(sender, "login")}@example.com` },
    repository: { ...repository, custom_properties: {}, pushed_at: Math.floor(Date.now() / 1_000) },
    sender,
  };
}

/** A commit as webhooks show it. */
function commitOf(commit: JsonObject, github: GitHub): JsonObject {
  const inner = objectAt(commit, "commit");
  const author = objectAt(inner, "author");
  const who = { name: textAt(author, "name"), email: textAt(author, "email"), date: textAt(author, "date") };
  return {
    id: textAt(commit, "sha"),
    tree_id: textAt(objectAt(inner, "tree"), "sha"),
    distinct: true,
    message: textAt(inner, "message"),
    timestamp: textAt(author, "date"),
    url: `${github.emulator.url}${github.place()}/commits/${textAt(commit, "sha")}`,
    author: who,
    committer: who,
    added: [],
    removed: [],
    modified: [],
  };
}
