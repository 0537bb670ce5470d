import { afterEach, describe, expect, test } from "@jest/globals";
import nock from "nock";
import { githubReleases } from "../../../src/adapters/github/releases.ts";
import { AT, recordedAccess, recordedGitHub } from "../../build/recorded-github.ts";

afterEach(() => nock.cleanAll());

const releases = () => githubReleases(recordedAccess());
const WAITING = { runId: 30_433_642, environment: "production" };
const REVIEW = `${AT}/actions/runs/30433642/deployment_protection_rule`;

describe("what is deployed", () => {
  function answerDeployments(deployments: readonly { id: number; states: readonly string[] }[]) {
    recordedGitHub()
      .get(`${AT}/deployments`)
      .query({ environment: "production", per_page: "100" })
      .reply(
        200,
        deployments.map(({ id }) => ({ id, sha: `c${id}` })),
      );
    for (const { id, states } of deployments) {
      recordedGitHub()
        .get(`${AT}/deployments/${id}/statuses`)
        .query({ per_page: "100" })
        .reply(
          200,
          states.map((state) => ({ state })),
        );
    }
  }

  // GitHub lists what is newest first.
  test.each([
    { deployments: [{ id: 3, states: ["success"] }], deployed: 3 },
    {
      deployments: [
        { id: 4, states: ["in_progress"] },
        { id: 3, states: ["success", "queued"] },
      ],
      deployed: 3,
    },
    {
      deployments: [
        { id: 4, states: ["failure"] },
        { id: 3, states: ["inactive", "success"] },
      ],
      deployed: 3,
    },
    {
      deployments: [
        { id: 4, states: ["error", "success"] },
        { id: 2, states: ["success"] },
      ],
      deployed: 2,
    },
    {
      deployments: [
        { id: 9, states: ["success"] },
        { id: 3, states: ["success"] },
      ],
      deployed: 3,
    },
    { deployments: [{ id: 4, states: [] }], deployed: undefined },
    { deployments: [], deployed: undefined },
  ])("is $deployed of $deployments", async ({ deployments, deployed }) => {
    answerDeployments(deployments);
    const found = await releases().fetchLastDeployed("production", 9);
    expect(found).toEqual(
      deployed === undefined ? undefined : { deploymentId: deployed, sha: `c${deployed}` },
    );
  });

  test("is looked for among the last ones only", async () => {
    answerDeployments(Array.from({ length: 40 }, (_, at) => ({ id: at + 100, states: ["failure"] })));
    expect(await releases().fetchLastDeployed("production", undefined)).toBeUndefined();
    // Thirty of forty were looked at.
    expect(nock.pendingMocks()).toHaveLength(10);
  });
});

describe("a release that waits", () => {
  test("is told the answer at the address that GitHub documents, cut to what it takes", async () => {
    const heard: { comment: string }[] = [];
    recordedGitHub()
      .post(REVIEW, (sent) => heard.push(sent) > 0)
      .reply(204);
    const answer = { state: "rejected", comment: "é".repeat(1_000) } as const;
    expect(await releases().answerRelease(WAITING, answer)).toBe("answered");
    expect(heard).toMatchObject([{ environment_name: "production", state: "rejected" }]);
    expect(Buffer.byteLength(heard[0]?.comment ?? "")).toBeLessThanOrEqual(1_024);
    expect(heard[0]?.comment).toContain("Cut here");
  });

  test.each([404, 410, 422])(
    "and to which GitHub takes no answer any more (%d) waits no more",
    async (status) => {
      recordedGitHub().post(REVIEW).reply(status, { message: "Validation Failed" });
      expect(await releases().answerRelease(WAITING, { state: "approved", comment: "" })).toBe("not_waiting");
    },
  );

  test.each([403, 500])("that GitHub does not let us answer (%d) is a failure of GitHub", async (status) => {
    recordedGitHub().post(REVIEW).reply(status, { message: "Resource not accessible by integration" });
    await expect(releases().answerRelease(WAITING, { state: "approved", comment: "" })).rejects.toMatchObject(
      {
        system: "github",
        retryable: status === 500,
      },
    );
  });

  test("is told how far it is without an answer", async () => {
    recordedGitHub().post(REVIEW, { environment_name: "production", comment: "Half way." }).reply(204);
    await releases().reportProgress(WAITING, "Half way.");
    expect(nock.isDone()).toBe(true);
  });
});
