import { type Job, jobKey } from "./jobs/job.ts";

/** What each line of the log says of the job that it belongs to; what is not known is left out. */
export function jobFields(job: Job, attempt: number): Readonly<Record<string, string | number | undefined>> {
  return {
    job: job.kind,
    key: jobKey(job),
    attempt,
    delivery: "delivery" in job ? job.delivery : undefined,
    installation: "installationId" in job ? job.installationId : undefined,
    repository: "repo" in job ? `${job.owner}/${job.repo}` : undefined,
    pullRequest: "pullRequest" in job ? job.pullRequest : undefined,
    issue: "issue" in job ? job.issue : undefined,
  };
}

/** Says in words what a job works on, such as `acme/agent#42`. */
export function placeOf(job: Job): string {
  if (!("repo" in job)) return "all repositories";
  const number = "pullRequest" in job ? job.pullRequest : "issue" in job ? job.issue : undefined;
  return number === undefined ? `${job.owner}/${job.repo}` : `${job.owner}/${job.repo}#${number}`;
}
