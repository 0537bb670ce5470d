import { z } from "zod";
import type { EndMergeGroup, GateMergeGroup, GateRelease, RunDefaultBranch } from "./jobs/job.ts";
import { readPayload, repositoryEvent } from "./webhook-payloads.ts";

/** A number that a JavaScript program can hold, without a sign or leading zeros. */
const RUN_ID = /^[1-9]\d{0,15}$/;
const URL_LENGTH_MAX = 500;

/** Where a job is to be done, and for which delivery. */
type Place = Pick<GateRelease, "installationId" | "owner" | "repo" | "repositoryId" | "delivery">;

/** A branch of the merge queue that waits for checks, or that the queue let go of. */
const mergeGroupPayload = repositoryEvent.extend({
  merge_group: z.looseObject({
    head_sha: z.string().min(1),
    head_ref: z.string().min(1),
    base_sha: z.string().min(1),
    base_ref: z.string().min(1),
  }),
});

/** A workflow's run that waits for our word before it deploys; GitHub calls every member optional. */
const releasePayload = repositoryEvent.extend({
  environment: z.string().min(1).max(255).nullish(),
  deployment_callback_url: z.string().min(1).max(2_000),
  deployment: z
    .looseObject({
      id: z.int().positive().nullish(),
      sha: z.string().min(1).max(64).nullish(),
      ref: z.string().min(1).max(500).nullish(),
      environment: z.string().min(1).max(255).nullish(),
    })
    .nullish(),
});

/** Commits that came to a branch. */
const pushPayload = repositoryEvent.extend({
  ref: z.string(),
  before: z.string().max(64).nullish(),
  deleted: z.boolean().nullish(),
});

/** Reads which group of the merge queue is to be checked. */
export function mergeGroupJob(payload: unknown, place: Place): GateMergeGroup {
  const { merge_group: group } = readPayload(mergeGroupPayload, payload, "merge_group");
  return {
    kind: "gate-merge-group",
    ...place,
    headSha: group.head_sha,
    headRef: group.head_ref,
    baseSha: group.base_sha,
    baseRef: group.base_ref,
  };
}

/** Reads which group the merge queue let go of. */
export function endedGroupJob(payload: unknown, place: Place): EndMergeGroup {
  const { merge_group: group } = readPayload(mergeGroupPayload, payload, "merge_group");
  return { kind: "end-merge-group", ...place, headSha: group.head_sha };
}

/**
 * Reads which release waits for our word; throws where the address that it names is not one of this API and this
 * repository. Nothing is ever sent to that address: only the number of the run is read from it.
 */
export function releaseJob(payload: unknown, place: Place, apiUrl: string): GateRelease {
  const event = readPayload(releasePayload, payload, "deployment_protection_rule");
  const { deployment, repository, deployment_callback_url: callback } = event;
  const runId = runIdOf(callback, { apiUrl, owner: place.owner, repo: place.repo });
  if (runId === undefined)
    throw new Error(
      "reading the payload of deployment_protection_rule: expected a deployment_callback_url of this API and this repository",
    );
  const environment = event.environment ?? deployment?.environment;
  if (environment === undefined || environment === null)
    throw new Error("reading the payload of deployment_protection_rule: expected an environment");
  const url = webAddress(repository.html_url);
  return {
    kind: "gate-release",
    ...place,
    runId,
    environment,
    deploymentId: deployment?.id ?? undefined,
    sha: deployment?.sha ?? undefined,
    ref: deployment?.ref ?? undefined,
    url,
    cause: { kind: "requested" },
  };
}

/** Reads whether a push moved the default branch; undefined where it moved something else, or took it away. */
export function defaultBranchJob(payload: unknown, place: Place): RunDefaultBranch | undefined {
  const { ref, before, deleted, repository } = readPayload(pushPayload, payload, "push");
  if (deleted === true || ref !== `refs/heads/${repository.default_branch}`) return undefined;
  return { kind: "run-default-branch", ...place, before: before || undefined };
}

/** Reads the number of the run from the address for our answer; undefined where it is no address of this API and repository. */
export function runIdOf(
  callback: string,
  expected: { readonly apiUrl: string; readonly owner: string; readonly repo: string },
): number | undefined {
  const [url, api] = [callback, expected.apiUrl].map((text) =>
    URL.canParse(text) ? new URL(text) : undefined,
  );
  if (url === undefined || api === undefined || url.origin !== api.origin) return undefined;
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") return undefined;
  const base = `${api.pathname.replace(/\/+$/, "")}/repos/${expected.owner}/${expected.repo}/actions/runs/`;
  const end = "/deployment_protection_rule";
  const path = url.pathname.toLowerCase();
  if (!path.startsWith(base.toLowerCase()) || !path.endsWith(end)) return undefined;
  const id = path.slice(base.length, -end.length);
  return RUN_ID.test(id) && Number.isSafeInteger(Number(id)) ? Number(id) : undefined;
}

/** People follow it from GitHub's own pages; anything but a web address is left out. */
function webAddress(text: string | null | undefined): string | undefined {
  if (text === null || text === undefined || text.length > URL_LENGTH_MAX || !URL.canParse(text))
    return undefined;
  const { protocol } = new URL(text);
  return protocol === "https:" || protocol === "http:" ? text : undefined;
}
