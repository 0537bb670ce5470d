import { describe, expect, test } from "@jest/globals";
import {
  defaultBranchJob,
  endedGroupJob,
  mergeGroupJob,
  releaseJob,
  runIdOf,
} from "../../src/app/release-events.ts";

const API = "https://api.github.test";
const PLACE = { installationId: 77, owner: "acme", repo: "refunds", repositoryId: 9, delivery: "d1" };
const COMMON = {
  installation: { id: 77 },
  repository: {
    id: 9,
    name: "refunds",
    owner: { login: "acme" },
    default_branch: "main",
    html_url: "https://github.test/acme/refunds",
  },
  sender: { login: "mara" },
};
const CALLBACK = `${API}/repos/acme/refunds/actions/runs/30433642/deployment_protection_rule`;

describe("the run of a waiting release", () => {
  test.each([
    { callback: CALLBACK, apiUrl: API, runId: 30_433_642 },
    { callback: CALLBACK.replace("acme/refunds", "Acme/Refunds"), apiUrl: API, runId: 30_433_642 },
    {
      callback: CALLBACK.replace(API, "https://ghe.test/api/v3"),
      apiUrl: "https://ghe.test/api/v3/",
      runId: 30_433_642,
    },
  ])("is read from $callback", ({ callback, apiUrl, runId }) => {
    expect(runIdOf(callback, { apiUrl, owner: "acme", repo: "refunds" })).toBe(runId);
  });

  test.each([
    ["another host", CALLBACK.replace("api.github.test", "evil.test")],
    ["our host in front of another", CALLBACK.replace("api.github.test", "api.github.test.evil.test")],
    ["our host as a user", CALLBACK.replace("api.github.test", "api.github.test@evil.test")],
    ["somebody on our host", CALLBACK.replace("https://", "https://mara:secret@")],
    ["another port", CALLBACK.replace("github.test", "github.test:8443")],
    ["no encryption", CALLBACK.replace("https", "http")],
    ["another repository", CALLBACK.replace("refunds", "payroll")],
    ["another owner", CALLBACK.replace("acme", "mallory")],
    ["another path", CALLBACK.replace("deployment_protection_rule", "approve")],
    ["a way back", CALLBACK.replace("30433642", "../../../payroll/actions/runs/1")],
    ["a query", `${CALLBACK}?state=approved`],
    ["a fragment", `${CALLBACK}#x`],
    ["no number", CALLBACK.replace("30433642", "abc")],
    ["a number that is none", CALLBACK.replace("30433642", "99999999999999999999")],
    ["no run", CALLBACK.replace("30433642", "0")],
    ["no address", "deployment_protection_rule"],
  ])("is not read from an address with %s", (_what, callback) => {
    expect(runIdOf(callback, { apiUrl: API, owner: "acme", repo: "refunds" })).toBeUndefined();
  });
});

describe("a release that waits", () => {
  const payload = {
    ...COMMON,
    environment: "production",
    deployment_callback_url: CALLBACK,
    deployment: { id: 12, sha: "c1", ref: "main", environment: "production" },
  };

  test("is read with its commit, environment and deployment", () => {
    expect(releaseJob(payload, PLACE, API)).toEqual({
      kind: "gate-release",
      ...PLACE,
      runId: 30_433_642,
      environment: "production",
      deploymentId: 12,
      sha: "c1",
      ref: "main",
      url: "https://github.test/acme/refunds",
      cause: { kind: "requested" },
    });
  });

  test.each([
    { what: "its environment", change: { environment: null }, is: { environment: "production" } },
    { what: "its deployment", change: { deployment: null }, is: { sha: undefined } },
    {
      what: "a page of the repository",
      change: { repository: { ...COMMON.repository, html_url: "javascript:alert(1)" } },
      is: { url: undefined },
    },
  ])("is read without $what", ({ change, is }) => {
    expect(releaseJob({ ...payload, ...change }, PLACE, API)).toMatchObject(is);
  });

  test.each([
    { change: { deployment_callback_url: CALLBACK.replace("refunds", "payroll") }, said: /this repository/ },
    { change: { deployment_callback_url: null }, said: /deployment_callback_url/ },
    { change: { environment: null, deployment: null }, said: /expected an environment/ },
    { change: { deployment: { id: "12" } }, said: /deployment.id/ },
  ])("is refused where $said", ({ change, said }) => {
    expect(() => releaseJob({ ...payload, ...change }, PLACE, API)).toThrow(said);
  });
});

describe("a group of the merge queue", () => {
  const group = {
    head_sha: "g1",
    head_ref: "refs/heads/gh-readonly-queue/main/pr-7-b1",
    base_sha: "b1",
    base_ref: "refs/heads/main",
  };

  test("is read with what it stands on", () => {
    expect(mergeGroupJob({ ...COMMON, merge_group: group }, PLACE)).toEqual({
      kind: "gate-merge-group",
      ...PLACE,
      headSha: "g1",
      headRef: group.head_ref,
      baseSha: "b1",
      baseRef: "refs/heads/main",
    });
  });

  test("that is let go of is known by its commit", () => {
    expect(endedGroupJob({ ...COMMON, merge_group: group, reason: "dequeued" }, PLACE)).toEqual({
      kind: "end-merge-group",
      ...PLACE,
      headSha: "g1",
    });
  });

  test("without a commit is refused", () => {
    expect(() => mergeGroupJob({ ...COMMON, merge_group: { ...group, head_sha: "" } }, PLACE)).toThrow(
      /merge_group.head_sha/,
    );
  });
});

describe("a push", () => {
  test.each([
    { ref: "refs/heads/main", deleted: false, runs: true },
    { ref: "refs/heads/main", deleted: true, runs: false },
    { ref: "refs/heads/main-2", deleted: false, runs: false },
    { ref: "refs/tags/main", deleted: false, runs: false },
  ])("to $ref (deleted: $deleted) runs the default branch: $runs", ({ ref, deleted, runs }) => {
    const job = defaultBranchJob({ ...COMMON, ref, before: "b1", deleted }, PLACE);
    expect(job).toEqual(runs ? { kind: "run-default-branch", ...PLACE, before: "b1" } : undefined);
  });
});
