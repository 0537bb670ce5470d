import type { GithubEmulator } from "./github-emulator.ts";
import type { Person } from "./people.ts";

/** The comment of the app on an issue, once there is one. */
export async function answerOn({ repository }: GithubEmulator, { octokit }: Person, issue: number) {
  const at = { owner: repository.owner, repo: repository.name };
  const { data } = await octokit.rest.issues.listComments({ ...at, issue_number: issue });
  return data.find(({ body }) => body?.startsWith("<!-- incident-to-eval:") === true);
}

/** The app's check of this name on a pull request's head, once it is completed. */
export async function completedCheck(
  { repository }: GithubEmulator,
  { octokit }: Person,
  pullRequest: number,
  name: string,
) {
  const at = { owner: repository.owner, repo: repository.name };
  const { data: pull } = await octokit.rest.pulls.get({ ...at, pull_number: pullRequest });
  const { data } = await octokit.rest.checks.listForRef({ ...at, ref: pull.head.sha, check_name: name });
  const done = data.check_runs.find((check) => check.status === "completed");
  return done === undefined
    ? undefined
    : { conclusion: String(done.conclusion), title: done.output.title ?? "" };
}
