import { ExternalFailure } from "../../src/ports/external-failure.ts";
import type { Deployed, Releases, WaitingRelease } from "../../src/ports/releases.ts";

const REPORTS_MAX = 10;

/** What was said of a release that waits. */
interface Said extends WaitingRelease {
  readonly state: "approved" | "rejected" | undefined;
  readonly comment: string;
}

/** Releases as plain data: what was deployed, newest first, what waits, and what was said. */
export interface FakeReleases extends Releases {
  readonly deployed: (Deployed & { readonly environment: string })[];
  readonly waiting: WaitingRelease[];
  readonly said: Said[];
}

/** Nothing is deployed and nothing waits at first. */
export function fakeReleases(): FakeReleases {
  const deployed: FakeReleases["deployed"] = [];
  const waiting: WaitingRelease[] = [];
  const said: Said[] = [];
  const isOf = (one: WaitingRelease) => (other: WaitingRelease) =>
    other.runId === one.runId && other.environment === one.environment;
  return {
    deployed,
    waiting,
    said,
    async fetchLastDeployed(environment, otherThan) {
      const found = deployed.find((one) => one.environment === environment && one.deploymentId !== otherThan);
      return found === undefined ? undefined : { deploymentId: found.deploymentId, sha: found.sha };
    },
    async answerRelease(release, answer) {
      const at = waiting.findIndex(isOf(release));
      if (at === -1) return "not_waiting";
      waiting.splice(at, 1);
      said.push({ ...release, ...answer });
      return "answered";
    },
    async reportProgress(release, comment) {
      const reports = said.filter((one) => isOf(release)(one) && one.state === undefined).length;
      if (!waiting.some(isOf(release)) || reports >= REPORTS_MAX)
        throw new ExternalFailure("it does not take what we sent", {
          system: "github",
          retryable: false,
          status: 422,
        });
      said.push({ ...release, state: undefined, comment });
    },
  };
}
