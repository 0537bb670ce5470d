import { chooseJudging } from "../../core/config/choose-judging.ts";
import { CONFIG_PATH } from "../../core/config/config.ts";
import { isSameLogin } from "../../core/config/party.ts";
import { dayOf } from "../../core/fixture/day.ts";
import type { GateObstacle } from "../../core/report/gate-report.ts";
import {
  type Explained,
  renderExplanation,
  renderFixtureExplanation,
} from "../../core/report/render-explanation.ts";
import { planGate } from "../../core/suite/plan-gate.ts";
import type { SuitePlan } from "../../core/suite/suite.ts";
import { shortSha } from "../../core/text/short-sha.ts";
import type { GitHub } from "../../ports/github.ts";
import type { PullRequest } from "../../ports/pull-requests.ts";
import { refuseCommand } from "./answer-command.ts";
import { readGateInputs } from "./compared-commits.ts";
import type { JobDeps } from "./deps.ts";
import type { GatePullRequest } from "./job.ts";
import { readPullRequest } from "./read-pull-request.ts";
import { isAtLeast } from "./rights.ts";

const COMMENT_KIND = "explain";
const NOTHING_PLANNED: SuitePlan = {
  changes: [],
  selected: [],
  leftOut: [],
  broken: [],
  everythingBecause: undefined,
};

type CommandCause = Extract<GatePullRequest["cause"], { kind: "command" }>;

/** Says of a pull request what changed, what it can affect, what protects it and what does not run; nothing is run. */
export async function explainPullRequest(
  fixture: string | undefined,
  { cause, pullRequest: number, owner, repo }: GatePullRequest & { readonly cause: CommandCause },
  github: GitHub,
  deps: JobDeps,
): Promise<void> {
  const pullRequest = await github.pullRequests.fetchPullRequest(number);
  if (pullRequest === undefined) return;
  const isAuthor = isSameLogin(cause.actor, pullRequest.author);
  // It costs requests, so not everybody on the internet may have it.
  if (!isAuthor && !(await isAtLeast("triage", cause.actor, github)))
    return await github.issues.react(cause.commentId, "-1");
  const explained = await explain(`${owner}/${repo}`, pullRequest, github, deps);
  if (explained === undefined)
    return await refuseCommand({ ...cause, number }, { kind: "not_configured" }, github);
  const text =
    fixture === undefined ? renderExplanation(explained) : renderFixtureExplanation(explained, fixture);
  await github.issues.publishComment(number, COMMENT_KIND, text);
  await github.issues.react(cause.commentId, "+1");
}

async function explain(
  repo: string,
  pullRequest: PullRequest,
  { repository }: GitHub,
  deps: JobDeps,
): Promise<Explained | undefined> {
  const commits = await readPullRequest(repository, repo, pullRequest, deps);
  if (commits.kind === "not_configured") return undefined;
  const { sha } = pullRequest.head;
  const compared = { head: shortSha(sha), base: `${commits.baseBranch} at ${shortSha(commits.baseSha)}` };
  const judging = chooseJudging(commits);
  if (judging.kind === "absent") return undefined;
  if (judging.kind === "broken") {
    const { at, problems } = judging;
    const obstacle: GateObstacle = { kind: "configuration", path: CONFIG_PATH, at, problems };
    return { plan: NOTHING_PLANNED, obstacle, ...compared };
  }
  const { config, everythingBecause } = judging;
  const inputs = await readGateInputs(repository, commits, config);
  const { suite, obstacle } = planGate({ ...inputs, everythingBecause, today: dayOf(deps.now()) });
  return { plan: suite, obstacle, ...compared };
}
