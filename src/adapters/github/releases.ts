import type { Deployed, Releases } from "../../ports/releases.ts";
import { isRefusal, readGitHub, writeGitHub } from "./call-github.ts";
import type { RepositoryAccess } from "./client.ts";
import { PER_PAGE } from "./collect-pages.ts";
import { cutText } from "./cut-text.ts";

/** GitHub takes so many characters; bytes are the safer count. */
const COMMENT_BYTES_MAX = 1_024;
/** Each costs a request; where none of so many succeeded, none counts as deployed. */
const DEPLOYMENTS_LOOKED_AT_MAX = 30;
/** What a deployment came to. A success that a later one replaced is told by what it was before. */
const DECISIVE: readonly string[] = ["success", "failure", "error"];

/** Answers releases through custom deployment protection rules. */
export function githubReleases({ client, owner, repo }: RepositoryAccess): Releases {
  async function succeeded(deploymentId: number): Promise<boolean> {
    const statuses = await readGitHub(`read the statuses of the deployment ${deploymentId}`, () =>
      client.rest.repos.listDeploymentStatuses({
        owner,
        repo,
        deployment_id: deploymentId,
        per_page: PER_PAGE,
      }),
    );
    return statuses.find(({ state }) => DECISIVE.includes(state))?.state === "success";
  }

  return {
    async fetchLastDeployed(environment, otherThan) {
      const listed = await readGitHub(`list the deployments to ${environment}`, () =>
        client.rest.repos.listDeployments({ owner, repo, environment, per_page: PER_PAGE }),
      );
      const others = listed.filter(({ id }) => id !== otherThan).slice(0, DEPLOYMENTS_LOOKED_AT_MAX);
      for (const { id, sha } of others)
        if (await succeeded(id)) return { deploymentId: id, sha } satisfies Deployed;
      return undefined;
    },

    async answerRelease({ runId, environment }, { state, comment }) {
      try {
        await writeGitHub(`answer the release to ${environment} that waits in the run ${runId}`, () =>
          client.rest.actions.reviewCustomGatesForRun({
            owner,
            repo,
            run_id: runId,
            environment_name: environment,
            state,
            comment: cutText(comment, COMMENT_BYTES_MAX),
          }),
        );
        return "answered";
      } catch (failure) {
        if (isRefusal(failure, [404, 410, 422])) return "not_waiting";
        throw failure;
      }
    },

    async reportProgress({ runId, environment }, comment) {
      await writeGitHub(`report on the release to ${environment} that waits in the run ${runId}`, () =>
        client.rest.actions.reviewCustomGatesForRun({
          owner,
          repo,
          run_id: runId,
          environment_name: environment,
          comment: cutText(comment, COMMENT_BYTES_MAX),
        }),
      );
    },
  };
}
