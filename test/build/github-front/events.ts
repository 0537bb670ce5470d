import type { JsonObject } from "../../../src/core/json.ts";
import { withPullRequests } from "./complete-payload.ts";
import type { Deployments } from "./deployments.ts";
import type { GitHub } from "./github.ts";
import type { Installation } from "./installation-routes.ts";
import { objectAt, textAt } from "./members.ts";
import { createMergeCommit } from "./merge-trees.ts";
import type { PullHeads } from "./pull-heads.ts";
import { tipOf } from "./pull-requests.ts";

/** A group of the merge queue: a commit that nobody has merged yet. */
export interface MergeGroup {
  readonly sha: string;
  readonly ref: string;
  readonly baseSha: string;
  readonly baseRef: string;
}

/** What happens on GitHub without any request to its API, each told to the App as GitHub tells it. */
export interface Events {
  /** Somebody presses a button of a check run. */
  pressButton(checkRun: number, identifier: string, by: string): Promise<void>;
  /** Somebody asks for a check run again. */
  rerequest(checkRun: number, by: string): Promise<void>;
  /** The merge queue puts a pull request on the tip of its base and asks for checks. */
  requestMergeGroup(pullRequest: number): Promise<MergeGroup>;
  /** The merge queue lets go of a group. */
  destroyMergeGroup(group: MergeGroup, reason: "merged" | "invalidated" | "dequeued"): Promise<void>;
  /** A workflow's run wants to deploy a commit and waits for the App. */
  requestDeployment(wanted: {
    readonly runId: number;
    readonly environment: string;
    readonly sha: string;
    readonly ref: string;
    /** Where the App finds GitHub; default is the front itself. */
    readonly apiUrl?: string;
  }): Promise<void>;
  /** Somebody gives the repository another name; the old one leads there. */
  renameRepository(name: string): Promise<void>;
  /** Somebody takes the App away, allows it no more, or allows it again. */
  installation(action: "deleted" | "suspend" | "unsuspend"): Promise<void>;
}

/** Opens the events of the front. */
export function openEvents(parts: {
  readonly github: GitHub;
  readonly heads: PullHeads;
  readonly deployments: Deployments;
  readonly installation: Installation;
  readonly seenRun: (run: JsonObject) => JsonObject;
  /** From now on the repository is called so. */
  readonly renamed: (name: string) => void;
}): Events {
  const { github, heads, deployments, installation, seenRun } = parts;
  const owner = () => github.account(github.emulator.ownerLogin);

  async function tell(event: string, payload: JsonObject, sender: JsonObject): Promise<void> {
    await github.hooks.send(event, { repository: await github.repository(), sender, ...payload });
  }

  async function tellOfRun(checkRun: number, by: string, more: JsonObject): Promise<void> {
    const run = seenRun(await github.read("GET", `${github.place()}/check-runs/${checkRun}`));
    const whole = await withPullRequests(run, github, heads);
    await tell("check_run", { check_run: whole, ...more }, await github.account(by));
  }

  async function tellOfGroup(group: MergeGroup, more: JsonObject): Promise<void> {
    const commit = await github.read("GET", `${github.place()}/git/commits/${group.sha}`);
    await tell(
      "merge_group",
      {
        merge_group: {
          head_sha: group.sha,
          head_ref: group.ref,
          base_sha: group.baseSha,
          base_ref: group.baseRef,
          head_commit: headCommitOf(commit),
        },
        ...more,
      },
      await owner(),
    );
  }

  return {
    pressButton: (checkRun, identifier, by) =>
      tellOfRun(checkRun, by, { action: "requested_action", requested_action: { identifier } }),

    rerequest: (checkRun, by) => tellOfRun(checkRun, by, { action: "rerequested" }),

    async requestMergeGroup(pullRequest) {
      const pull = heads.seen(await github.read("GET", `${github.place()}/pulls/${pullRequest}`));
      const base = textAt(objectAt(pull, "base"), "ref");
      const head = textAt(objectAt(pull, "head"), "sha");
      const baseSha = (await tipOf(github, base)) ?? "";
      const message = `Merge pull request #${pullRequest}`;
      const sha = await createMergeCommit(github, { base: baseSha, head, message });
      if (sha === undefined) throw new Error(`pull request ${pullRequest} cannot be merged`);
      const ref = `refs/heads/gh-readonly-queue/${base}/pr-${pullRequest}-${baseSha}`;
      await github.ask("POST", `${github.place()}/git/refs`, { ref, sha });
      const group = { sha, ref, baseSha, baseRef: `refs/heads/${base}` };
      await tellOfGroup(group, { action: "checks_requested" });
      return group;
    },

    async destroyMergeGroup(group, reason) {
      await tellOfGroup(group, { action: "destroyed", reason });
      await github.ask("DELETE", `${github.place()}/git/${group.ref}`);
    },

    async requestDeployment({ runId, environment, sha, ref, apiUrl = github.emulator.url }) {
      const sender = await owner();
      deployments.wait(runId, environment);
      const deployment = deployments.create({ environment, sha, ref }, sender);
      const url = `${apiUrl}${github.place()}/actions/runs/${runId}/deployment_protection_rule`;
      await tell(
        "deployment_protection_rule",
        {
          action: "requested",
          environment,
          event: "push",
          deployment_callback_url: url,
          deployment,
          pull_requests: [],
        },
        sender,
      );
    },

    async renameRepository(name) {
      const from = textAt(await github.repository(), "name");
      await github.ask("PATCH", github.place(), { name });
      parts.renamed(name);
      const changes = { repository: { name: { from } } };
      await tell("repository", { action: "renamed", changes }, await owner());
    },

    async installation(action) {
      const { id, installationId } = {
        id: github.emulator.appId,
        installationId: github.emulator.installationId,
      };
      const sender = await owner();
      const { full_name, name, node_id, private: isPrivate, id: repositoryId } = await github.repository();
      installation.become(action === "deleted" ? "gone" : action === "suspend" ? "suspended" : "installed");
      await github.hooks.send("installation", {
        action,
        installation: installationObject(github, id, installationId),
        repositories: [
          {
            id: repositoryId ?? 0,
            node_id: node_id ?? "",
            name: name ?? "",
            full_name: full_name ?? "",
            private: isPrivate ?? false,
          },
        ],
        sender,
      });
    },
  };
}

function headCommitOf(commit: JsonObject): JsonObject {
  const { name = "", email = "", date = "" } = objectAt(commit, "author");
  return {
    id: commit.sha ?? "",
    tree_id: objectAt(commit, "tree").sha ?? "",
    message: commit.message ?? "",
    timestamp: date,
    author: { name, email },
    committer: { name, email },
  };
}

function installationObject(github: GitHub, appId: number, id: number): JsonObject {
  const { owner } = github.emulator.repository;
  const now = new Date().toISOString();
  return {
    id,
    client_id: "Iv1.0123456789abcdef",
    account: { ...objectAt(github.app(), "owner"), login: owner, type: "Organization" },
    repository_selection: "selected",
    access_tokens_url: `${github.emulator.url}/app/installations/${id}/access_tokens`,
    repositories_url: `${github.emulator.url}/installation/repositories`,
    html_url: `https://github.com/organizations/${owner}/settings/installations/${id}`,
    app_id: appId,
    app_slug: textAt(github.app(), "slug"),
    target_id: 1,
    target_type: "Organization",
    permissions: objectAt(github.app(), "permissions"),
    events: [],
    created_at: now,
    updated_at: now,
    single_file_name: null,
    suspended_by: null,
    suspended_at: null,
  };
}
